import { type Job, Queue } from 'bullmq';
import { JOB_KINDS, type JobKind } from '../jobs/catalog.ts';
import type { RedisClient } from '../redis/connect.ts';
import { JOB_FIELDS, type Keys } from '../redis/keys.ts';
import type { Wake } from '../redis/wakes.ts';
import { createLenientBackend } from './lenient-backend.ts';

/** The BullMQ queues of an installation: one per kind and partition. */
export interface Queues {
  /** The queue that holds a tenant's jobs of a kind. @see Keys.partitionOf */
  of(kind: JobKind, tenantId: string): Queue;
  at(kind: JobKind, partition: number): Queue;
  partitionOf(tenantId: string): number;
  /** Acts on what is in the partition of a job: all calls find its tenant there. */
  withJob<Result>(job: Job, act: () => Result): Result;
  /** Acts in each partition that may have jobs of a tenant, one after the other, the older jobs first. */
  inPlaces<Result>(tenantId: string, act: () => Promise<Result>): Promise<Result[]>;
  /** Of copies of one job, the one that counts: while its tenant moves, two partitions may have it. */
  original<Item>(
    tenantId: string | null,
    found: readonly Item[],
    partitionOf: (item: Item) => number,
  ): Item | undefined;
  /** Moves jobs out of BullMQ's delayed set when it is their turn, at once or after their delay. */
  wake(wakes: readonly Wake[]): Promise<void>;
  /**
   * Whether a worker could take a job of a queue now: one that waits, or is overdue by a minute.
   */
  hasWork(kind: JobKind, partition: number): Promise<boolean>;
  /** Removes the notes of earlier runs from a job's hash, before an operator starts it again. */
  forgetPast(job: Job): Promise<void>;
  /** Resolves when BullMQ has prepared every queue; afterwards at once. */
  ready(): Promise<void>;
  /**
   * Writes again what BullMQ wrote when it prepared the queues of a partition. Redis has lost it.
   */
  restore(partition: number): Promise<void>;
  /** Every queue: each kind in each partition that there is now. */
  all(): Queue[];
  close(): Promise<void>;
}

export interface QueuesOptions {
  readonly client: RedisClient;
  readonly keys: Keys;
  readonly onError: (error: Error) => void;
}

/** A delayed job that is overdue by this time was forgotten. */
const OVERDUE_MS = 60_000;

/** Entries in the event stream of a queue: enough for the board. */
const MAX_EVENTS = 1000;

export function openQueues({ client, keys, onError }: QueuesOptions): Queues {
  const queues = new Map<string, Queue>();
  const lenientBackend = createLenientBackend(client, keys.seal);
  const open = (kind: string, partition: number) => {
    const queueOptions = {
      connection: client,
      prefix: keys.queuePrefix(partition),
      streams: { events: { maxLen: MAX_EVENTS } },
    };
    const queue = new Queue(kind, queueOptions, lenientBackend);
    queue.on('error', onError);
    queues.set(`${kind}/${partition}`, queue);
    return queue;
  };
  const opened = new Set<number>();
  /** Opens the queues of partitions that are new. */
  const openAll = () => {
    for (const partition of keys.partitions()) {
      if (opened.has(partition)) continue;
      opened.add(partition);
      for (const kind of JOB_KINDS) open(kind, partition);
      readiness = undefined;
    }
  };

  /** Replaces a queue that BullMQ could not prepare because Redis was away: it stays unusable. */
  const prepare = async () => {
    const prepared = await Promise.allSettled(
      [...queues].map(async ([name, queue]) => {
        await queue.waitUntilReady().catch((error: unknown) => {
          const [kind = '', partition] = name.split('/');
          open(kind, Number(partition));
          queue.close().catch(() => {});
          throw error;
        });
      }),
    );
    for (const outcome of prepared) if (outcome.status === 'rejected') throw outcome.reason;
  };

  const at = (kind: string, partition: number) => {
    openAll();
    const queue = queues.get(`${kind}/${partition}`);
    if (!queue) throw new TypeError(`no queue for ${kind} in partition ${partition}`);
    return queue;
  };

  let readiness: Promise<void> | undefined;
  openAll();

  return {
    partitionOf: keys.partitionOf,
    of: (kind, tenantId) => at(kind, keys.partitionOf(tenantId)),
    at,
    withJob: (job, act) => keys.within(partitionIn(job.queueQualifiedName), act),
    async inPlaces(tenantId, act) {
      const results = [];
      for (const partition of keys.layout.placesOf(tenantId)) results.push(await keys.within(partition, act));
      return results;
    },
    original(tenantId, found, partitionOf) {
      if (found.length < 2 || tenantId === null) return found[0];
      const move = keys.layout.moveOf(tenantId);
      const place = move && move.step !== 'trailing' ? move.from : keys.layout.homeOf(tenantId);
      return found.find((item) => partitionOf(item) === place) ?? found[0];
    },
    async hasWork(kind, partition) {
      const queue = at(kind, partition);
      if ((await queue.getWaitingCount()) > 0) return true;
      // BullMQ's score is the due time × 4096, plus a counter.
      const [, score] = await client.zrange(queue.toKey('delayed'), '0', '0', 'WITHSCORES');
      return score !== undefined && Number(score) / 4096 < Date.now() - OVERDUE_MS;
    },
    async forgetPast(job) {
      const key = `${job.queueQualifiedName}:${job.id}`;
      const isPast = (name: string) => name.startsWith(JOB_FIELDS.prefix) && name !== JOB_FIELDS.notes;
      const noted = (await client.hkeys(key)).filter(isPast);
      await client.hdel(key, 'stc', ...noted);
    },
    ready() {
      openAll();
      readiness ??= prepare().catch((error: unknown) => {
        readiness = undefined;
        throw error;
      });
      return readiness;
    },
    async wake(wakes) {
      const left = wakes.filter(({ isDone }) => !isDone);
      await Promise.all(left.map((wake) => wakeOne(at(wake.queue, wake.partition), wake)));
    },
    async restore(partition) {
      const settings = { 'opts.maxLenEvents': MAX_EVENTS };
      await Promise.all(JOB_KINDS.map((kind) => at(kind, partition).getBackend().setQueueMeta(settings)));
    },
    all() {
      openAll();
      return [...queues.values()];
    },
    async close() {
      await Promise.all([...queues.values()].map((queue) => queue.close()));
    },
  };
}

/** The partition in the name of a queue, `gwm:{3}:message-transmission`, or in its prefix. */
export function partitionIn(qualifiedName: string): number {
  return Number(/\{(\d+)\}/.exec(qualifiedName)?.[1] ?? 0);
}

// Codes of BullMQ's scripts.
const NO_SUCH_JOB = -1;
const NOT_DELAYED = -3;

/**
 * A job that is not delayed needs no wake: it runs, waits, or has ended. The reconciler repairs
 * errors.
 */
async function wakeOne(queue: Queue, { jobId, delayMs }: Wake): Promise<void> {
  const backend = queue.getBackend();
  const change = delayMs > 0 ? backend.changeDelay(jobId, delayMs) : backend.promote(jobId);
  await change.catch((error: Error & { code?: number }) => {
    if (error.code !== NO_SUCH_JOB && error.code !== NOT_DELAYED) throw error;
  });
}
