import type { Child } from '../../src/queues/children.ts';
import type { JobContext } from '../../src/runtime/handler.ts';

/** What a rollout writes down: the stages whose jobs it has begun. */
interface Progress {
  readonly stages?: readonly string[];
}

/**
 * Begins the jobs of a stage, once, and says whether all of them have ended. While they have not, the rollout waits: it
 * returns `awaitChildren()`. One that was removed by hand has ended as well.
 */
export async function hasEnded(
  job: Pick<JobContext<unknown>, 'saved' | 'save' | 'begin' | 'children'>,
  stage: string,
  jobs: readonly Child[],
): Promise<boolean> {
  if (jobs.length === 0) return true;
  const { stages = [] } = (job.saved ?? {}) as Progress;
  if (!stages.includes(stage)) {
    await job.begin(jobs);
    await job.save({ ...job.saved, begun: true, stages: [...stages, stage] });
    return false;
  }
  const states = await job.children();
  return jobs.every(({ name }) => states.get(name)?.status !== 'pending');
}
