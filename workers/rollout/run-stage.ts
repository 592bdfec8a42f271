import { z } from 'zod';
import type { Child } from '../../src/queues/children.ts';
import type { JobContext } from '../../src/runtime/handler.ts';

/** The stages whose jobs a rollout has begun, beside its other saved state. */
const saved = z.looseObject({ stages: z.array(z.string()).default([]) });

/**
 * Begins the jobs of one stage of a rollout, once. While one of them is under way, the rollout
 * returns `awaitChildren()`, and calls this again when it is woken. A job that an operator removed
 * has ended.
 *
 * @param keep what the rollout saves beside its stages.
 */
export async function runStage(
  { steps }: Pick<JobContext<unknown>, 'steps'>,
  stage: string,
  jobs: readonly Child[],
  keep: object = {},
): Promise<'ended' | 'under-way'> {
  if (jobs.length === 0) return 'ended';
  const before = steps.saved(saved) ?? { stages: [] };
  if (!before.stages.includes(stage)) {
    await steps.begin(jobs);
    await steps.save({ ...before, ...keep, begun: true, stages: [...before.stages, stage] });
    return 'under-way';
  }
  const states = await steps.children();
  return jobs.every(({ name }) => states.get(name)?.status !== 'pending') ? 'ended' : 'under-way';
}
