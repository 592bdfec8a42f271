import { Job, type JobsOptions, type Queue, type RedisQueueBackend } from 'bullmq';
import type { Transaction } from '../redis/script.ts';

/** A job as BullMQ stores it. */
export interface Insertion {
  readonly name: string;
  readonly data: unknown;
  readonly opts: JobsOptions & { readonly jobId: string };
  /** The job of the same queue that started this one, and waits for its end. */
  readonly parentId?: string | undefined;
}

/**
 * Adds BullMQ's insertion of a job to a transaction. The public `addBulk` runs a pipeline of its
 * own, in which a job could enter its queue without a sequence number. The queue must be ready.
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
  // The commands are in the transaction before this returns; `exec` has their replies.
  const dependencies = parent && { parentDependenciesKey: `${queue.toKey(parent.id)}:dependencies` };
  void backend.addJobToTransaction(client as never, job.asJSON(), opts.jobId, dependencies).catch(() => {});
}

/** Without these options the parent of a failed job would wait for ever. */
function childOf(parent: NonNullable<JobsOptions['parent']>): JobsOptions {
  return { parent, ignoreDependencyOnFailure: true };
}

function commandOf(transaction: Transaction, name: string): (...args: unknown[]) => unknown {
  const command = Reflect.get(transaction, name) as (...args: unknown[]) => unknown;
  return command.bind(transaction);
}
