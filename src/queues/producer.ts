import pLimit from 'p-limit';
import { loadConfig } from '../config/load.ts';
import { OperatorError } from '../core/errors.ts';
import { describeFault, type Fault } from '../core/faults.ts';
import { createFlow } from '../flow/flow.ts';
import type { JobInput, JobKind } from '../jobs/catalog.ts';
import { createRedis } from '../redis/connect.ts';
import { createKeys } from '../redis/keys.ts';
import type { TenantRegistry } from '../tenants/registry.ts';
import { type Prepared, prepare } from './prepare.ts';
import { openQueues } from './queues.ts';
import {
  type AcceptedEntry,
  type Destination,
  type DuplicateEntry,
  type EntryReport,
  submit,
} from './submit.ts';

/** Hands jobs over to the workers. One per process is enough. */
export interface Producer {
  /**
   * Checks one job and puts it into its queue.
   * @throws {JobRejectedError} naming every fault with its path.
   */
  enqueue<Kind extends JobKind>(
    kind: Kind,
    data: JobInput<Kind>,
    options?: EnqueueOptions,
  ): Promise<AcceptedEntry | DuplicateEntry>;
  /**
   * Puts any number of jobs into their queue, in bulk, and reads no faster than Redis takes them. A job
   * with faults is reported and left out; the others go in. Jobs of one conversation keep their order.
   *
   * @param entries anything that can be iterated: an array, a generator, a stream of objects.
   */
  enqueueMany<Kind extends JobKind>(
    kind: Kind,
    entries: Iterable<JobInput<Kind>> | AsyncIterable<JobInput<Kind>>,
    options?: EnqueueManyOptions,
  ): Promise<EnqueueSummary>;
  close(): Promise<void>;
}

export interface EnqueueOptions {
  /** A second job with the same key, kind and tenant is a duplicate; also a field of the job itself. */
  readonly idempotencyKey?: string;
}

export interface EnqueueManyOptions {
  /** Told about each entry, batch by batch, in the order of the entries within a batch. */
  readonly onEntry?: ((entry: EntryReport) => void) | undefined;
}

export interface EnqueueSummary {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
  /** Jobs put into the queue: more than accepted where texts were split. */
  readonly jobs: number;
}

/** The data of a job has faults; all of them are in the message and in `faults`. */
export class JobRejectedError extends Error {
  override readonly name = 'JobRejectedError';
  readonly faults: readonly Fault[];
  constructor(kind: string, faults: readonly Fault[]) {
    super(`${kind} rejected: ${faults.map(describeFault).join('; ')}`);
    this.faults = faults;
  }
}

export interface ProducerOptions {
  readonly redisUrl: string;
  /** As QUEUE_PREFIX of the workers. */
  readonly queuePrefix?: string;
  /** As PARTITIONS of the workers. */
  readonly partitions?: number;
  /** As JOB_ATTEMPTS. */
  readonly attempts?: number;
  /** With it, unknown tenants are rejected and each tenant's own patterns apply at once. */
  readonly tenants?: TenantRegistry;
  /** Told about losses of the connection, which heals by itself. */
  readonly onError?: (error: Error) => void;
}

/** Jobs per round trip; a larger one would hold Redis for too long. */
const BATCH_SIZE = 250;
/** Batches under way at the same time. */
const CONCURRENT_BATCHES = 4;

/** Connects to Redis with the first job. Values left out are the defaults of the settings. */
export function createProducer(options: ProducerOptions): Producer {
  const defaults = loadConfig({});
  const { queuePrefix = defaults.queuePrefix, partitions = defaults.partitions } = options;
  const onError = options.onError ?? (() => {});
  const client = createRedis({ url: options.redisUrl, role: 'caller', onError });
  const keys = createKeys(queuePrefix, partitions);
  const flow = createFlow({ client, keys, requestTimeoutMs: defaults.requestTimeoutMs });
  const queues = openQueues({ client, keys, onError });
  const { tenants, attempts = defaults.attempts } = options;
  const destination = { flow, queues, partitionOf: keys.partitionOf, attempts };

  return {
    async enqueue(kind, data, { idempotencyKey } = {}) {
      const entry = prepare({ kind, index: 0, input: data, idempotencyKey, tenants });
      if (entry.faults) throw new JobRejectedError(kind, entry.faults);
      const [report] = await submit(destination, kind, [entry]);
      if (report?.status === 'accepted' || report?.status === 'duplicate') return report;
      throw new TypeError('one entry in, one report out');
    },
    enqueueMany: (kind, entries, { onEntry } = {}) =>
      enqueueMany({ destination, kind, tenants, onEntry }, entries),
    async close() {
      await queues.close();
      client.disconnect();
    },
  };
}

interface Stream extends EnqueueManyOptions {
  readonly destination: Destination;
  readonly kind: JobKind;
  readonly tenants: TenantRegistry | undefined;
}

async function enqueueMany(
  { destination, kind, tenants, onEntry }: Stream,
  entries: Iterable<unknown> | AsyncIterable<unknown>,
): Promise<EnqueueSummary> {
  const summary = { accepted: 0, duplicates: 0, rejected: 0, jobs: 0 };
  const limit = pLimit(CONCURRENT_BATCHES);
  const underWay = new Set<Promise<void>>();
  let failure: unknown;

  const flush = async (batch: readonly Prepared[]) => {
    for (const report of await submit(destination, kind, batch)) {
      count(summary, report);
      onEntry?.(report);
    }
  };
  const start = async (batch: readonly Prepared[]) => {
    const running = limit(() => flush(batch))
      .catch((error: unknown) => {
        failure ??= error;
      })
      .finally(() => underWay.delete(running));
    underWay.add(running);
    if (underWay.size >= CONCURRENT_BATCHES) await Promise.race(underWay);
  };

  let index = 0;
  let batch: Prepared[] = [];
  for await (const input of entries) {
    if (failure) break;
    batch.push(prepare({ kind, index: index++, input, tenants }));
    if (batch.length < BATCH_SIZE) continue;
    await start(batch);
    batch = [];
  }
  if (batch.length > 0 && !failure) await start(batch);
  await Promise.all(underWay);
  if (failure) throw interrupted(failure, summary);
  return summary;
}

function interrupted(failure: unknown, { accepted }: EnqueueSummary): OperatorError {
  const reason = failure instanceof Error ? failure.message : String(failure);
  return new OperatorError(
    `Redis did not take all jobs: ${accepted} entries are in the queue, the others are not (${reason}).`,
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
