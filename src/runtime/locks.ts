import type { Job } from 'bullmq';

/** The lock of one run, as far as this process knows. */
export interface Lock {
  /** Without it another worker may have the job already. */
  isHeld(): boolean;
  /** The run is over. */
  release(): void;
}

/** The locks of the jobs that a worker has in its hands. */
export interface Locks {
  take(job: Pick<Job, 'id'>): Lock;
  /**
   * Redis no longer has these locks. Returns the jobs that lose by it. The others have ended already: Redis ended them
   * while the renewal was on its way.
   */
  lose(jobIds: readonly string[]): readonly string[];
}

/** A worker that is handed a job which it has in its hands already has lost the lock of the first run. */
export function createLocks(): Locks {
  const held = new Map<string, symbol>();

  return {
    take({ id = '' }) {
      const mark = Symbol(id);
      held.set(id, mark);
      const isHeld = () => held.get(id) === mark;
      return {
        isHeld,
        release() {
          if (isHeld()) held.delete(id);
        },
      };
    },
    lose(jobIds) {
      return jobIds.filter((jobId) => held.delete(jobId));
    },
  };
}
