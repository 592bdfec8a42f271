import type { QueueState, Waiting } from '../../../src/flow/wait-reason.ts';
import type { Job } from './queue.ts';
import type { World } from './world-shapes.ts';

/** Why a job of a world waits. @param known what BullMQ would know beside the state. */
export async function explain(world: World, id: string, known: Partial<QueueState> = {}): Promise<Waiting> {
  const job = world.jobs.get(id);
  if (!job) throw new RangeError(`no job ${id}`);
  return await world.flow.explain(job.ref, { state: stateOf(job), ...known });
}

/** The state of the job, in the word of BullMQ. */
function stateOf({ state, end }: Job): string | undefined {
  switch (state) {
    case 'delayed':
      return 'delayed';
    case 'due':
      return 'waiting';
    // BullMQ has not noticed yet that its worker is dead.
    case 'active':
    case 'stalled':
      return 'active';
    case 'ended':
      return end === 'sent' ? 'completed' : 'failed';
    case 'removed':
      return undefined;
  }
}
