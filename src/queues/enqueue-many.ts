import { randomUUID } from 'node:crypto';
import pLimit from 'p-limit';
import { messageOf, OperatorError, RefusedError } from '../core/errors.ts';
import type { JobKind } from '../jobs/catalog.ts';
import type { RedisClient } from '../redis/connect.ts';
import { explainRedisFailure } from '../redis/explain.ts';
import type { MemoryGuard } from '../redis/memory-guard.ts';
import type { TenantRegistry } from '../tenants/registry.ts';
import { type Prepared, prepare } from './prepare.ts';
import { type Destination, type EntryReport, submit } from './submit.ts';
import { createTurns } from './turns.ts';

export interface EnqueueManyOptions {
  /** Called for each entry, batch by batch, in the order of the entries within a batch. */
  readonly onEntry?: ((entry: EntryReport) => void) | undefined;
  /**
   * Ends the reading. Batches under way are finished and reported, then the call throws the
   * signal's reason.
   */
  readonly signal?: AbortSignal | undefined;
}

export interface EnqueueSummary {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
  /**
   * Entries without errors whose tenant had no room: `limits.maxWaiting` of its jobs wait. Enqueue them
   * again later, in their order.
   */
  readonly refused: number;
  /** Jobs in the queue: more than `accepted` when texts were split. */
  readonly jobs: number;
}

export interface EnqueueManyContext extends EnqueueManyOptions {
  readonly destination: Destination;
  readonly kind: JobKind;
  readonly tenants: TenantRegistry | undefined;
  readonly memory: MemoryGuard;
}

/** Entries per round trip. */
export const BATCH_SIZE = 250;
/** Batches under way at the same time. The source waits meanwhile. */
export const CONCURRENT_BATCHES = 4;

/**
 * Reads entries and submits them in batches, as fast as Redis takes them. When a tenant has no room,
 * its entries are refused from there on to the end of the call, and those of other tenants go in. So
 * the caller may enqueue the refused ones again, and no job overtakes another of its conversation.
 *
 * @throws {RedisFullError} when the memory of Redis is nearly used up.
 * @throws {OperatorError} when Redis fails, with the number of entries in the queue. Also throws
 * any error of the source. Entries read before it are in the queue, or reported.
 */
export async function enqueueMany(
  { destination, kind, tenants, memory, onEntry, signal }: EnqueueManyContext,
  entries: Iterable<unknown> | AsyncIterable<unknown>,
): Promise<EnqueueSummary> {
  const { partitionOf } = destination.keys;
  const summary = { accepted: 0, duplicates: 0, rejected: 0, refused: 0, jobs: 0 };
  const bounds = { call: randomUUID(), memory, full: new Map<string, number>(), turns: createTurns() };
  const limit = pLimit(CONCURRENT_BATCHES);
  const underWay = new Set<Promise<void>>();
  const failure = createFailure();
  const abort = () => failure.raise(signal?.reason);
  signal?.addEventListener('abort', abort);
  if (signal?.aborted) abort();

  const start = (batch: readonly Prepared[]) => {
    const running = limit(async () => {
      for (const report of await submit(destination, kind, batch, bounds)) {
        count(summary, report);
        onEntry?.(report);
      }
    })
      .catch((error: unknown) => failure.raise(interrupted(error, destination.client, summary)))
      .finally(() => underWay.delete(running));
    underWay.add(running);
  };

  let index = 0;
  let batch: Prepared[] = [];
  try {
    for await (const input of stoppable(entries, failure)) {
      batch.push(prepare({ kind, index: index++, input, tenants, partitionOf }));
      if (batch.length < BATCH_SIZE) continue;
      start(batch);
      batch = [];
      if (underWay.size >= CONCURRENT_BATCHES) await failure.orElse(Promise.race(underWay));
    }
  } finally {
    signal?.removeEventListener('abort', abort);
    if (batch.length > 0 && !failure.isRaised()) start(batch);
    await Promise.all(underWay);
  }
  await failure.orElse(Promise.resolve());
  return summary;
}

/** The first failure of a batch. It ends every other wait. */
interface Failure {
  isRaised(): boolean;
  raise(error: unknown): void;
  /** Resolves as the promise does, or rejects with an earlier failure. */
  orElse<Value>(promise: Promise<Value>): Promise<Value>;
}

function createFailure(): Failure {
  let raised: { readonly error: unknown } | undefined;
  let giveUp: ((error: unknown) => void) | undefined;
  return {
    isRaised: () => raised !== undefined,
    raise(error) {
      raised ??= { error };
      giveUp?.(raised.error);
    },
    orElse(promise) {
      return new Promise((resolve, reject) => {
        if (raised) reject(raised.error);
        giveUp = reject;
        promise.then(resolve, reject);
      });
    },
  };
}

/** Yields entries until a failure. The source may wait long for its next entry. */
async function* stoppable(
  entries: Iterable<unknown> | AsyncIterable<unknown>,
  failure: Failure,
): AsyncGenerator<unknown> {
  if (!(Symbol.asyncIterator in entries)) {
    for (const entry of entries) yield entry;
    return;
  }
  const iterator = entries[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await failure.orElse(iterator.next());
      if (next.done) return;
      yield next.value;
    }
  } finally {
    // Not awaited: a source that hangs would block here too.
    void iterator.return?.();
  }
}

function interrupted(error: unknown, client: RedisClient, { accepted }: EnqueueSummary): OperatorError {
  if (error instanceof RefusedError) return error;
  const reason = explainRedisFailure(client, error) ?? messageOf(error);
  return new OperatorError(
    `Redis did not take all jobs. It confirmed ${accepted} entries, and did not confirm the others. ${reason}`,
    'unavailable',
  );
}

function count(summary: { -readonly [Name in keyof EnqueueSummary]: number }, report: EntryReport): void {
  if (report.status === 'rejected') {
    summary.rejected++;
  } else if (report.status === 'refused') {
    summary.refused++;
  } else if (report.status === 'duplicate') {
    summary.duplicates++;
  } else {
    summary.accepted++;
    summary.jobs += report.jobIds.length;
  }
}
