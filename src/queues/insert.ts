import { Job, type JobsOptions, type Queue, type RedisQueueBackend } from 'bullmq';
import type { Transaction } from '../redis/script.ts';

/** A job as BullMQ stores it. */
export interface Insertion {
  readonly name: string;
  readonly data: unknown;
  readonly opts: JobsOptions & { readonly jobId: string };
  /** The job of the same queue that has begun this one, and waits for it, however it ends. */
  readonly parentId?: string | undefined;
}

/**
 * Queues BullMQ's insertion of a job in a transaction of ours. The public `addBulk` runs a pipeline of its own, in
 * which a job could enter its queue without its ticket.
 * The queue must be ready.
 */
export function insert(
  transaction: Transaction,
  queue: Queue,
  { name, data, opts, parentId }: Insertion,
): void {
  const parent = parentId === undefined ? undefined : { id: parentId, queue: queue.qualifiedName };
  const job = new Job(queue, name, data, { ...opts, ...(parent && childOf(parent)) }, opts.jobId);
  const backend = queue.getBackend() as RedisQueueBackend;
  const client = {
    runCommand: (command: string, args: unknown[]) => commandOf(transaction, command)(...args),
  };
  // Queued before this returns; what becomes of it is among the replies of the transaction.
  const dependencies = parent && { parentDependenciesKey: `${queue.toKey(parent.id)}:dependencies` };
  void backend.addJobToTransaction(client as never, job.asJSON(), opts.jobId, dependencies).catch(() => {});
}

/** Without a word on failures BullMQ would have the parent of a failed job wait for ever. */
function childOf(parent: NonNullable<JobsOptions['parent']>): JobsOptions {
  return { parent, ignoreDependencyOnFailure: true };
}

function commandOf(transaction: Transaction, name: string): (...args: unknown[]) => unknown {
  const command = Reflect.get(transaction, name) as (...args: unknown[]) => unknown;
  return command.bind(transaction);
}
