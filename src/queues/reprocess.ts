import type { Job, RedisQueueBackend } from 'bullmq';
import type { RedisClient } from '../redis/connect.ts';

type Transaction = ReturnType<RedisClient['multi']>;

/** A job that has ended, in the words of BullMQ. */
export type EndState = 'completed' | 'failed';

/** The reply of the command in the transaction, when it has moved the job. */
export const REPROCESSED = 1;

/**
 * Adds BullMQ's part of a retry to a transaction: `job.retry` runs a command of its own, in front of
 * which another worker could run a script of flow control. The command is in the transaction when
 * this resolves.
 */
export async function reprocess(transaction: Transaction, job: Job, state: EndState): Promise<void> {
  const backend = Reflect.get(job, 'backend') as RedisQueueBackend;
  const client = {
    runCommand: (command: string, args: unknown[]) => {
      (Reflect.get(transaction, command) as (...args: unknown[]) => unknown).call(transaction, ...args);
      // The reply comes with that of the transaction.
      return Promise.resolve(REPROCESSED);
    },
  };
  const queue = Object.create(Reflect.get(backend, 'queue') as object, { client: { value: client } });
  const inTransaction = Object.create(backend, { queue: { value: queue } }) as RedisQueueBackend;
  await inTransaction.retryFinishedJob(job, state, { resetAttemptsMade: true });
}

/** BullMQ's codes for a job that is gone, or that another caller has moved to another state. */
const MOVED: ReadonlySet<unknown> = new Set([-1, -3]);

/** Runs a command of BullMQ on a job. @returns false when the job was not in the state for it. */
export async function unlessMoved(command: Promise<void>): Promise<boolean> {
  try {
    await command;
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && MOVED.has(error.code)) return false;
    throw error;
  }
}
