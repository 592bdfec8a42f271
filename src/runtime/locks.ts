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

/** A worker that is handed a job which it has in its hands already has lost the lock of the first activation. */
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
      for (const jobId of jobIds) held.delete(jobId);
    },
  };
}
