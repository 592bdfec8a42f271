import { Job, type JobsOptions, type Queue, type RedisQueueBackend } from 'bullmq';
import type { Transaction } from '../redis/script.ts';

/**
 * Queues BullMQ's insertion of a job in a transaction of ours. The public `addBulk` runs a pipeline of its own, in
 * which a job could enter its queue without its ticket.
 * The queue must be ready.
 */
export function insert(
  transaction: Transaction,
  queue: Queue,
  { name, data, opts }: { name: string; data: unknown; opts: JobsOptions & { jobId: string } },
): void {
  const job = new Job(queue, name, data, opts, opts.jobId);
  const backend = queue.getBackend() as RedisQueueBackend;
  const client = {
    runCommand: (command: string, args: unknown[]) => commandOf(transaction, command)(...args),
  };
  // Queued before this returns; what becomes of it is among the replies of the transaction.
  void backend.addJobToTransaction(client as never, job.asJSON(), opts.jobId).catch(() => {});
}

function commandOf(transaction: Transaction, name: string): (...args: unknown[]) => unknown {
  const command = Reflect.get(transaction, name) as (...args: unknown[]) => unknown;
  return command.bind(transaction);
}
