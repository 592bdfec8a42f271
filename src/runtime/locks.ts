import type { Job } from 'bullmq';

/** The lock of one activation, as far as this process knows. */
export interface Lock {
  /** Without it another worker may have the job already. */
  isHeld(): boolean;
  /** The activation is over. */
  release(): void;
}

/** The locks of the jobs that a worker has in its hands. */
export interface Locks {
  take(job: Pick<Job, 'id'>): Lock;
  /** They ran out, or belong to others. */
  lose(jobIds: readonly string[]): void;
}

/** A worker may have two activations of a job, when the lock of the first ran out: both are told that it is lost. */
export function createLocks(): Locks {
  const held = new Map<string, Set<symbol>>();

  return {
    take({ id = '' }) {
      const mark = Symbol(id);
      const marks = held.get(id) ?? new Set();
      held.set(id, marks.add(mark));
      return {
        isHeld: () => marks.has(mark),
        release() {
          marks.delete(mark);
          if (marks.size === 0 && held.get(id) === marks) held.delete(id);
        },
      };
    },
    lose(jobIds) {
      for (const jobId of jobIds) held.get(jobId)?.clear();
    },
  };
}
