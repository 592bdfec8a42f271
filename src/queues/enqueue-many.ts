import pLimit from 'p-limit';
import { messageOf, OperatorError } from '../core/errors.ts';
import type { JobKind } from '../jobs/catalog.ts';
import type { TenantRegistry } from '../tenants/registry.ts';
import { type Prepared, prepare } from './prepare.ts';
import { type Destination, type EntryReport, submit } from './submit.ts';

export interface EnqueueManyOptions {
  /** Told about each entry, batch by batch, in the order of the entries within a batch. */
  readonly onEntry?: ((entry: EntryReport) => void) | undefined;
  /** Ends the reading. Batches under way are finished and reported; the call then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

export interface EnqueueSummary {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
  /** Jobs put into the queue: more than accepted where texts were split. */
  readonly jobs: number;
}

export interface EnqueueManyContext extends EnqueueManyOptions {
  readonly destination: Destination;
  readonly kind: JobKind;
  readonly tenants: TenantRegistry | undefined;
}

/** Entries per round trip. */
const BATCH_SIZE = 250;
/** Batches under way at the same time; nothing more is read meanwhile. */
const CONCURRENT_BATCHES = 4;

/**
 * Reads entries and submits them in batches, as fast as Redis takes them.
 *
 * @throws {OperatorError} when Redis fails, saying how many entries are in the queue; and whatever the source throws.
 * What was read by then is in the queue, or reported.
 */
export async function enqueueMany(
  { destination, kind, tenants, onEntry, signal }: EnqueueManyContext,
  entries: Iterable<unknown> | AsyncIterable<unknown>,
): Promise<EnqueueSummary> {
  const summary = { accepted: 0, duplicates: 0, rejected: 0, jobs: 0 };
  const limit = pLimit(CONCURRENT_BATCHES);
  const underWay = new Set<Promise<void>>();
  const failure = createFailure();
  const abort = () => failure.raise(signal?.reason);
  signal?.addEventListener('abort', abort);
  if (signal?.aborted) abort();

  const start = (batch: readonly Prepared[]) => {
    const running = limit(async () => {
      for (const report of await submit(destination, kind, batch)) {
        count(summary, report);
        onEntry?.(report);
      }
    })
      .catch((error: unknown) => failure.raise(interrupted(error, summary)))
      .finally(() => underWay.delete(running));
    underWay.add(running);
  };

  let index = 0;
  let batch: Prepared[] = [];
  try {
    for await (const input of stoppable(entries, failure)) {
      batch.push(prepare({ kind, index: index++, input, tenants }));
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

/** The first failure of a batch, which ends the wait for whatever is waited for. */
interface Failure {
  isRaised(): boolean;
  raise(error: unknown): void;
  /** The promise, or the failure if that comes first. */
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

/** A source may take long over its next entry, or for ever; a failure is not to wait for it. */
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
    // Not awaited: a source that hangs would hang here too.
    void iterator.return?.();
  }
}

function interrupted(error: unknown, { accepted }: EnqueueSummary): OperatorError {
  return new OperatorError(
    `Redis did not take all jobs: ${accepted} entries are in the queue, the others are not (${messageOf(error)}).`,
  );
}

function count(summary: { -readonly [Name in keyof EnqueueSummary]: number }, report: EntryReport): void {
  if (report.status === 'rejected') {
    summary.rejected++;
  } else if (report.status === 'duplicate') {
    summary.duplicates++;
  } else {
    summary.accepted++;
    summary.jobs += report.jobIds.length;
  }
}
