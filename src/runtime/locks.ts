import type { Job } from 'bullmq';

/** The lock of one run, as far as this process knows. */
export interface Lock {
  /** Without the lock another worker may have the job already. */
  isHeld(): boolean;
  /** Called when the run is over. */
  release(): void;
}

/** The locks of the jobs that a worker runs. */
export interface Locks {
  take(job: Pick<Job, 'id'>): Lock;
  /**
   * Called when Redis no longer has these locks. Returns the jobs that this worker still runs. The
   * other jobs have ended while the renewal was on its way.
   */
  lose(jobIds: readonly string[]): readonly string[];
}

/** If a worker is handed a job that it already runs, the first run has lost its lock. */
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
