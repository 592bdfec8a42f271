import { loadConfig } from '../config/load.ts';
import { messageOf, OperatorError } from '../core/errors.ts';
import { describeFault, type Fault } from '../core/faults.ts';
import { createFlow, timesOf } from '../flow/flow.ts';
import type { JobInput, JobKind } from '../jobs/catalog.ts';
import { createRedis } from '../redis/connect.ts';
import { explainRedisFailure } from '../redis/explain.ts';
import { claimInstallation } from '../redis/installation.ts';
import { createKeys } from '../redis/keys.ts';
import type { TenantRegistry } from '../tenants/registry.ts';
import { type EnqueueManyOptions, type EnqueueSummary, enqueueMany } from './enqueue-many.ts';
import { prepare } from './prepare.ts';
import { openQueues } from './queues.ts';
import { type AcceptedEntry, type DuplicateEntry, submit } from './submit.ts';

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

/** Connects to Redis with the first job. Values left out are the defaults of the settings. */
export function createProducer(options: ProducerOptions): Producer {
  const defaults = loadConfig({});
  const { queuePrefix = defaults.queuePrefix, partitions = defaults.partitions } = options;
  const onError = options.onError ?? (() => {});
  const client = createRedis({ url: options.redisUrl, role: 'caller', onError });
  const keys = createKeys(queuePrefix, partitions);
  const flow = createFlow({ client, keys, ...timesOf(defaults) });
  const queues = openQueues({ client, keys, onError });
  const { tenants, attempts = defaults.attempts } = options;
  const destination = { client, flow, queues, partitionOf: keys.partitionOf, attempts };
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
    async enqueue(kind, data, { idempotencyKey } = {}) {
      const entry = prepare({ kind, index: 0, input: data, idempotencyKey, tenants });
      if (entry.faults) throw new JobRejectedError(kind, entry.faults);
      await claim();
      const [report] = await submit(destination, kind, [entry]).catch((error: unknown) => {
        throw failed(error);
      });
      if (report?.status === 'accepted' || report?.status === 'duplicate') return report;
      throw new TypeError('one entry in, one report out');
    },
    async enqueueMany(kind, entries, { onEntry } = {}) {
      await claim();
      return await enqueueMany({ destination, kind, tenants, onEntry }, entries);
    },
    async close() {
      await queues.close();
      client.disconnect();
    },
  };
}
