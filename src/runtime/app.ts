import { type AuditOutbox, createAuditOutbox } from '../audit/outbox.ts';
import { createThreadedStore, type ThreadedStore } from '../audit/threaded-store.ts';
import type { Environment } from '../config/environment.ts';
import type { Config } from '../config/settings.ts';
import type { Flow } from '../flow/flow.ts';
import type { GenesysClient } from '../genesys/client.ts';
import { openGenesys } from '../genesys/open-genesys.ts';
import type { JobKind } from '../jobs/catalog.ts';
import { createLogger, type Logger } from '../observe/logger.ts';
import { createMetrics, type Metrics } from '../observe/metrics.ts';
import { openTracing } from '../observe/open-tracing.ts';
import type { Tracing } from '../observe/tracing.ts';
import { createFiles, type Files } from '../outbound/fetch-file.ts';
import { createGuardedTransports, type GuardedTransports } from '../outbound/guarded-transports.ts';
import { wayOut } from '../outbound/way-out.ts';
import type { Children } from '../queues/children.ts';
import { type Core, openCore } from '../queues/core.ts';
import { createDamagedJobs, type DamagedJobs } from '../queues/damaged-jobs.ts';
import type { LayoutFollower } from '../queues/follow-layout.ts';
import type { Queues } from '../queues/queues.ts';
import { createSchedules, type Schedules } from '../queues/schedules.ts';
import { openRedis, type RedisClient } from '../redis/connect.ts';
import { type ConnectionLog, logConnection } from '../redis/connection-log.ts';
import { asOperatorError } from '../redis/explain.ts';
import { claimInstallation, partitionsAdvice } from '../redis/installation.ts';
import type { Keys } from '../redis/keys.ts';
import { openRedisClock, type RedisClock } from '../redis/redis-clock.ts';
import { redisTarget } from '../redis/target.ts';
import { openSeal } from '../seal/open-seal.ts';
import { readKeys } from '../seal/payload-key.ts';
import { loadTenants, requireTogether, type TenantRegistry } from '../tenants/registry.ts';
import type { PartitionsOf } from '../tenants/sharing.ts';
import { MAX_ANSWER_BYTES } from '../webhooks/deliver.ts';
import { createEndpoints, type Endpoints, endpointSettings } from '../webhooks/endpoints.ts';
import { createGuestChannel, type GuestChannel } from '../webmessaging/guest-channel.ts';
import { processName } from './heartbeat.ts';
import { createRetryUntilAborted, type RetryUntilAborted } from './retry-until-aborted.ts';

/** The parts of a worker process, connected. */
export interface App {
  readonly config: Config;
  readonly logger: Logger;
  /** Name of this process. No other process has it. */
  readonly name: string;
  readonly metrics: Metrics;
  /** The spans of this process. */
  readonly tracing: Tracing;
  readonly redis: RedisClient;
  /** Logs the state of the connection to Redis, once for all queues. */
  readonly connection: ConnectionLog;
  /** The time of Redis: the clock of this machine may be wrong. */
  readonly clock: RedisClock;
  readonly keys: Keys;
  readonly tenants: TenantRegistry;
  readonly flow: Flow;
  readonly queues: Queues;
  /** The damaged jobs of a queue. */
  readonly damagedJobs: (kind: JobKind, partition: number) => DamagedJobs;
  /** The steps: jobs that other jobs start. */
  readonly children: Children;
  /** The schedules of `audit-sync` jobs. */
  readonly schedules: Schedules;
  readonly genesys: GenesysClient;
  /** The sessions and connections of guests. */
  readonly guests: GuestChannel;
  /** A worker writes audit records to the outbox; the relay moves them to the store. */
  readonly outbox: AuditOutbox;
  readonly store: ThreadedStore;
  /** The connections to receivers, and the permits to call them. */
  readonly receivers: GuardedTransports;
  readonly endpoints: Endpoints;
  /** Fetches the files of attachments that a worker uploads. */
  readonly files: Files;
  readonly retryUntilAborted: RetryUntilAborted;
  /** Follows the layout of partitions. */
  readonly follower: LayoutFollower;
  /** Closes all connections, in the reverse order of their opening. */
  close(): Promise<void>;
}

/** @throws {OperatorError} for a wrong tenants file, and when Redis does not answer. */
export async function openApp(config: Config, environment: Environment): Promise<App> {
  const logger = createLogger(config.logLevel);
  const name = processName();
  const { tenantsFile: file } = config;
  let partitionsOf: PartitionsOf = () => [0];
  const tenants = loadTenants({
    file,
    environment,
    requireSecrets: true,
    partitionsOf: (tenantId) => partitionsOf(tenantId),
  });
  const seal = openSeal(config, environment);
  const auditKeys = readKeys('AUDIT_KEYS', config.auditKeys ?? [], environment);
  const redis = await openRedis({ ...redisTarget(config), role: 'worker' });
  const connection = logConnection(redis, logger);
  const core = openCore({ client: redis, config, seal, onError: connection.complain });
  const { keys, flow, queues, children } = core;
  await claim(core);
  // The layout is known from here on.
  partitionsOf = keys.layout.aroundOf;
  requireTogetherOf(core, file, tenants);
  const advice = partitionsAdvice(config.partitions, keys);
  if (advice !== undefined) logger.warn(advice);
  const follower = core.follow();
  const clock = await openRedisClock(redis);
  const metrics = createMetrics();
  const tracing = await openTracing({ config, command: 'worker', name, logger });
  const genesys = openGenesys({
    config,
    client: redis,
    keys,
    clock,
    tenants,
    tracing,
    onFetched: (tenant, result) => metrics.tokensFetched.inc({ tenant, result }),
  });
  const receivers = createGuardedTransports({
    connectTimeoutMs: config.connectTimeoutMs,
    requestTimeoutMs: Math.max(config.webhookTimeoutMs, config.analyticsTimeoutMs),
    maxAnswerBytes: MAX_ANSWER_BYTES,
    ...wayOut(config),
  });
  const files = createFiles({ ...config, ...wayOut(config) });
  const endpoints = createEndpoints({
    client: redis,
    keys,
    worker: name,
    wake: queues.wake,
    ...endpointSettings(config),
  });
  const store = createThreadedStore(config.auditDatabaseUrl, { clock, keys: auditKeys });
  const guests = createGuestChannel({
    config,
    client: redis,
    keys,
    clock,
    transport: genesys.transport,
    metrics,
    tracing,
    secretOf: (tenant) => tenants.secret(tenant.clientSecret),
    files,
    wayOut: wayOut(config),
  });

  return {
    config,
    logger,
    name,
    metrics,
    tracing,
    redis,
    connection,
    clock,
    keys,
    tenants,
    flow,
    queues,
    damagedJobs: (kind, partition) =>
      createDamagedJobs({
        client: redis,
        keys,
        kind,
        partition,
        clock,
        keepMs: config.keepFailedMs,
        onDamage: (jobId, fields, kept) =>
          logger.error({ kind, jobId, fields, kept }, 'a job is damaged; its data is kept as it was'),
      }),
    children,
    schedules: createSchedules({ queues, keys, kind: 'audit-sync' }),
    genesys: genesys.genesys,
    guests,
    outbox: createAuditOutbox({ client: redis, keys }),
    store,
    receivers,
    endpoints,
    files,
    retryUntilAborted: createRetryUntilAborted(logger),
    follower,
    async close() {
      const parts = [guests, genesys, receivers, files, store, tracing];
      await Promise.all(parts.map((part) => part.close()));
      await core.close();
    },
  };
}

function requireTogetherOf({ client, keys }: Core, file: string, tenants: TenantRegistry): void {
  try {
    requireTogether(file, tenants.ids().map(tenants.get), keys.layout.aroundOf);
  } catch (error) {
    client.disconnect();
    throw error;
  }
}

async function claim({ client, keys }: Core): Promise<void> {
  try {
    await claimInstallation(client, keys);
  } catch (error) {
    client.disconnect();
    throw asOperatorError(client, error);
  }
}
