import { type Environment, processEnvironment } from '../config/environment.ts';
import { loadConfig } from '../config/load.ts';
import { bounded } from '../core/bounded.ts';
import { BacklogFullError, messageOf, OperatorError } from '../core/errors.ts';
import { describeIssue, type Issue, rejectionCode } from '../core/issues.ts';
import type { JobInput, JobKind } from '../jobs/catalog.ts';
import { createRedis } from '../redis/connect.ts';
import { explainRedisFailure } from '../redis/explain.ts';
import { claimInstallation } from '../redis/installation.ts';
import { createMemoryGuard } from '../redis/memory-guard.ts';
import type { RedisTlsFiles, SentinelLogin } from '../redis/target.ts';
import { openSeal } from '../seal/open-seal.ts';
import type { TenantRegistry } from '../tenants/registry.ts';
import { openCore } from './core.ts';
import { type EnqueueManyOptions, type EnqueueSummary, enqueueMany } from './enqueue-many.ts';
import type { Cancellation, JobView, Retrial } from './jobs.ts';
import { prepare } from './prepare.ts';
import { type AcceptedEntry, type DuplicateEntry, ONE_ENTRY, submit } from './submit.ts';

/** Enqueues jobs for the workers. A process needs one. */
export interface Producer {
  /**
   * Checks one job and puts it into its queue.
   * @throws {JobRejectedError} naming every error with its path.
   * @throws {BacklogFullError} when `limits.maxWaiting` jobs of the tenant wait.
   * @throws {RedisFullError} when the memory of Redis is nearly used up.
   * @throws {OperatorError} when Redis does not take the job, or does not confirm it in time. Redis
   * may have accepted an unconfirmed job; with an idempotency key the caller can safely enqueue it
   * again.
   */
  enqueue<Kind extends JobKind>(
    kind: Kind,
    data: JobInput<Kind>,
    options?: EnqueueOptions,
  ): Promise<AcceptedEntry | DuplicateEntry>;
  /**
   * Puts any number of jobs into their queue, in bulk, and reads no faster than Redis takes them.
   * It reports a job with errors and leaves it out; the others go in. Jobs of one conversation keep
   * their order: when a tenant has no room, all its further jobs are reported as `refused`.
   *
   * @param entries anything iterable: an array, a generator, a stream of objects.
   */
  enqueueMany<Kind extends JobKind>(
    kind: Kind,
    entries: Iterable<JobInput<Kind>> | AsyncIterable<JobInput<Kind>>,
    options?: EnqueueManyOptions,
  ): Promise<EnqueueSummary>;
  /**
   * The state of a job, without the text that a customer reads. Undefined when there is no such
   * job.
   */
  getJob(kind: JobKind, jobId: string): Promise<JobView | undefined>;
  /** Ends a waiting job. A request under way cannot be taken back (`running`). */
  cancel(kind: JobKind, jobId: string): Promise<Cancellation>;
  /** Sends a dead letter again. Never a job that was delivered. */
  retry(kind: JobKind, jobId: string): Promise<Retrial>;
  close(): Promise<void>;
}

export interface EnqueueOptions {
  /**
   * A second job with the same key, kind and tenant is a duplicate. Also a field of the job itself.
   */
  readonly idempotencyKey?: string;
  /** Longest wait for Redis, ms; by default `timeoutMs` of the producer. */
  readonly timeoutMs?: number;
  /** Ends the wait for Redis. `enqueue` then throws the signal's reason. */
  readonly signal?: AbortSignal;
}

/** The data of a job have errors. The message and `errors` list all of them. */
export class JobRejectedError extends Error {
  override readonly name = 'JobRejectedError';
  /** CAPABILITY_UNAVAILABLE: the job is right, and its tenant has no way to send it. */
  readonly code: 'JOB_INVALID' | 'CAPABILITY_UNAVAILABLE';
  readonly errors: readonly Issue[];
  constructor(kind: string, errors: readonly Issue[]) {
    super(`${kind} rejected: ${errors.map(describeIssue).join('; ')}`);
    this.code = rejectionCode(errors);
    this.errors = errors;
  }
}

export interface ProducerOptions {
  /**
   * Address of Redis, the same as REDIS_URL of the workers:
   * `redis://[user:password@]host:port[/database]`, several hosts for a cluster, or
   * `redis+sentinel://…?name=…`.
   */
  readonly redisUrl: string;
  /** Files of TLS, for `rediss://`; the same as REDIS_TLS_… of the workers. */
  readonly redisTls?: RedisTlsFiles;
  /** Login at the sentinels; the same as REDIS_SENTINEL_… of the workers. */
  readonly redisSentinel?: SentinelLogin;
  /** The same as QUEUE_PREFIX of the workers. */
  readonly queuePrefix?: string;
  /** The same as PARTITIONS of the workers: it counts for the first process of an installation. */
  readonly partitions?: number;
  /** The same as PAYLOAD_KEYS of the workers: keys by reference. Values go into Redis in clear without it. */
  readonly payloadKeys?: string | undefined;
  /** Longest wait for Redis per job, ms; 5000 by default. */
  readonly timeoutMs?: number;
  /** With it, the producer rejects unknown tenants, and applies each tenant's blocked patterns. */
  readonly tenants?: TenantRegistry;
  /** Called when the connection is lost. The client reconnects by itself. */
  readonly onError?: (error: Error) => void;
}

/** Within this time a caller learns that Redis does not answer. */
const TIMEOUT_MS = 5000;

/**
 * Creates a producer, which connects with its first job. Options have the defaults of the settings.
 * @param environment has the variables that `payloadKeys` names.
 */
export function createProducer(
  options: ProducerOptions,
  environment: Environment = processEnvironment(),
): Producer {
  const defaults = loadConfig({});
  const { queuePrefix = defaults.queuePrefix, partitions = defaults.partitions } = options;
  const onError = options.onError ?? (() => {});
  const { payloadKeys } = loadConfig({ PAYLOAD_KEYS: options.payloadKeys });
  const seal = openSeal({ payloadKeys }, environment);
  const { redisUrl: url, redisTls: tls = {}, redisSentinel: sentinel = {} } = options;
  const client = createRedis({ url, tls, sentinel, role: 'caller', onError });
  const destination = openCore({ client, config: { ...defaults, queuePrefix, partitions }, seal, onError });
  const { keys, jobs } = destination;
  const { partitionOf } = keys;
  const { tenants } = options;
  const failed = (error: unknown) => {
    if (error instanceof OperatorError) return error;
    const reason = explainRedisFailure(client, error) ?? messageOf(error);
    return new OperatorError(`Redis did not take the job: ${reason}`, 'unavailable');
  };
  const memory = createMemoryGuard(client);
  let claimed: Promise<unknown> | undefined;
  /** Checks the installation once, with the first job. */
  const claim = async () => {
    claimed ??= claimInstallation(client, keys).then(() => void destination.follow());
    await claimed.catch((error: unknown) => {
      claimed = undefined;
      throw failed(error);
    });
  };

  return {
    async enqueue(kind, data, { idempotencyKey, timeoutMs = options.timeoutMs ?? TIMEOUT_MS, signal } = {}) {
      signal?.throwIfAborted();
      const entry = prepare({ kind, index: 0, input: data, idempotencyKey, tenants, partitionOf });
      if (entry.issues) throw new JobRejectedError(kind, entry.issues);
      const submitting = claim().then(() =>
        submit(destination, kind, [entry], { call: ONE_ENTRY, memory, full: new Map() }),
      );
      const submitted = submitting.catch((error: unknown) => {
        throw failed(error);
      });
      const [report] = await bounded(submitted, { timeoutMs, signal }, () => notConfirmed(timeoutMs));
      if (report?.status === 'accepted' || report?.status === 'duplicate') return report;
      if (report?.status === 'rejected') throw new JobRejectedError(kind, report.errors);
      if (report?.status === 'refused') throw new BacklogFullError(report.tenantId, report.limit);
      throw new TypeError('one entry in, one report out');
    },
    async enqueueMany(kind, entries, manyOptions = {}) {
      await claim();
      return await enqueueMany({ destination, kind, tenants, memory, ...manyOptions }, entries);
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
    'unavailable',
  );
}
