import { loadConfig } from '../config/load.ts';
import { bounded } from '../core/bounded.ts';
import { messageOf, OperatorError } from '../core/errors.ts';
import { describeIssue, type Issue } from '../core/issues.ts';
import type { JobInput, JobKind } from '../jobs/catalog.ts';
import { createRedis } from '../redis/connect.ts';
import { explainRedisFailure } from '../redis/explain.ts';
import { claimInstallation } from '../redis/installation.ts';
import type { TenantRegistry } from '../tenants/registry.ts';
import { openCore } from './core.ts';
import { type EnqueueManyOptions, type EnqueueSummary, enqueueMany } from './enqueue-many.ts';
import type { Cancellation, JobView, Retrial } from './jobs.ts';
import { prepare } from './prepare.ts';
import { type AcceptedEntry, type DuplicateEntry, submit } from './submit.ts';

/** Hands jobs over to the workers. One per process is enough. */
export interface Producer {
  /**
   * Checks one job and puts it into its queue.
   * @throws {JobRejectedError} naming every issue with its path.
   * @throws {OperatorError} when Redis does not take the job, or does not confirm it in time. A job that Redis did not
   * confirm may have been accepted; with an idempotency key it is safe to enqueue it again.
   */
  enqueue<Kind extends JobKind>(
    kind: Kind,
    data: JobInput<Kind>,
    options?: EnqueueOptions,
  ): Promise<AcceptedEntry | DuplicateEntry>;
  /**
   * Puts any number of jobs into their queue, in bulk, and reads no faster than Redis takes them. A job
   * with issues is reported and left out; the others go in. Jobs of one conversation keep their order.
   *
   * @param entries anything that can be iterated: an array, a generator, a stream of objects.
   */
  enqueueMany<Kind extends JobKind>(
    kind: Kind,
    entries: Iterable<JobInput<Kind>> | AsyncIterable<JobInput<Kind>>,
    options?: EnqueueManyOptions,
  ): Promise<EnqueueSummary>;
  /** How a job stands, without the text that a customer reads; undefined when there is no such job. */
  getJob(kind: JobKind, jobId: string): Promise<JobView | undefined>;
  /** Ends a job that waits. A request that is under way cannot be called back (`running`). */
  cancel(kind: JobKind, jobId: string): Promise<Cancellation>;
  /** Sends a dead letter once more; never a job that was delivered. */
  retry(kind: JobKind, jobId: string): Promise<Retrial>;
  close(): Promise<void>;
}

export interface EnqueueOptions {
  /** A second job with the same key, kind and tenant is a duplicate; also a field of the job itself. */
  readonly idempotencyKey?: string;
  /** Longest wait for Redis, ms; `timeoutMs` of the producer by default. */
  readonly timeoutMs?: number;
  /** Ends the wait for Redis; `enqueue` then throws the signal's reason. */
  readonly signal?: AbortSignal;
}

/** The data of a job has issues; all of them are in the message and in `errors`. */
export class JobRejectedError extends Error {
  override readonly name = 'JobRejectedError';
  readonly errors: readonly Issue[];
  constructor(kind: string, errors: readonly Issue[]) {
    super(`${kind} rejected: ${errors.map(describeIssue).join('; ')}`);
    this.errors = errors;
  }
}

export interface ProducerOptions {
  /** Address of Redis, as REDIS_URL of the workers: `redis://[user:password@]host:port[/database]`. */
  readonly redisUrl: string;
  /** As QUEUE_PREFIX of the workers. */
  readonly queuePrefix?: string;
  /** As PARTITIONS of the workers. */
  readonly partitions?: number;
  /** Longest wait for Redis with one job, ms; 5000 by default. */
  readonly timeoutMs?: number;
  /** With it, unknown tenants are rejected and each tenant's own patterns apply at once. */
  readonly tenants?: TenantRegistry;
  /** Told about losses of the connection, which heals by itself. */
  readonly onError?: (error: Error) => void;
}

/** Producers learn within this time that Redis does not answer. */
const TIMEOUT_MS = 5000;

/** Connects to Redis with the first job. Values left out are the defaults of the settings. */
export function createProducer(options: ProducerOptions): Producer {
  const defaults = loadConfig({});
  const { queuePrefix = defaults.queuePrefix, partitions = defaults.partitions } = options;
  const onError = options.onError ?? (() => {});
  const client = createRedis({ url: options.redisUrl, role: 'caller', onError });
  const destination = openCore({ client, config: { ...defaults, queuePrefix, partitions }, onError });
  const { keys, jobs } = destination;
  const { tenants } = options;
  const failed = (error: unknown) => {
    if (error instanceof OperatorError) return error;
    const reason = explainRedisFailure(client, error) ?? messageOf(error);
    return new OperatorError(`Redis did not take the job: ${reason}`);
  };
  let claimed: Promise<unknown> | undefined;
  /** Once per process, with its first job. */
  const claim = async () => {
    claimed ??= claimInstallation(client, keys);
    await claimed.catch((error: unknown) => {
      claimed = undefined;
      throw failed(error);
    });
  };

  return {
    async enqueue(kind, data, { idempotencyKey, timeoutMs = options.timeoutMs ?? TIMEOUT_MS, signal } = {}) {
      signal?.throwIfAborted();
      const entry = prepare({ kind, index: 0, input: data, idempotencyKey, tenants });
      if (entry.issues) throw new JobRejectedError(kind, entry.issues);
      const submitting = claim().then(() => submit(destination, kind, [entry]));
      const submitted = submitting.catch((error: unknown) => {
        throw failed(error);
      });
      const [report] = await bounded(submitted, { timeoutMs, signal }, () => notConfirmed(timeoutMs));
      if (report?.status === 'accepted' || report?.status === 'duplicate') return report;
      if (report?.status === 'rejected') throw new JobRejectedError(kind, report.errors);
      throw new TypeError('one entry in, one report out');
    },
    async enqueueMany(kind, entries, manyOptions = {}) {
      await claim();
      return await enqueueMany({ destination, kind, tenants, ...manyOptions }, entries);
    },
    getJob: jobs.get,
    cancel: jobs.cancel,
    retry: jobs.retry,
    close: destination.close,
  };
}

function notConfirmed(timeoutMs: number): OperatorError {
  return new OperatorError(
    `Redis did not confirm the job within ${timeoutMs} ms. It may have been accepted: enqueue it again with the same idempotencyKey.`,
  );
}
