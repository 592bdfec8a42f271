import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { z } from 'zod';
import { loadConfig } from '../../src/config/load.ts';
import type { Config } from '../../src/config/settings.ts';
import type { Flow } from '../../src/flow/flow.ts';
import { CATALOG, type JobKind } from '../../src/jobs/catalog.ts';
import { openCore } from '../../src/queues/core.ts';
import type { Jobs } from '../../src/queues/jobs.ts';
import {
  createProducer,
  JobRejectedError,
  type Producer,
  type ProducerOptions,
} from '../../src/queues/producer.ts';
import type { Queues } from '../../src/queues/queues.ts';
import { createRedis, type RedisClient } from '../../src/redis/connect.ts';
import { claimInstallation } from '../../src/redis/installation.ts';
import type { Keys } from '../../src/redis/keys.ts';
import { redisTarget } from '../../src/redis/target.ts';
import { guideScopes, type SandboxClient } from '../../src/sandbox/login/clients.ts';
import type { SandboxOptions } from '../../src/sandbox/server.ts';
import { openSeal } from '../../src/seal/open-seal.ts';
import type { DialectName } from '../../src/tenants/dialect.ts';
import type { Limit } from '../../src/tenants/limits.ts';
import type { platformSchema } from '../../src/tenants/platform.ts';
import type { quietHours } from '../../src/tenants/quiet-hours.ts';
import { steady } from './flow/rate.ts';
import { onEnd } from './lifetime.ts';
import { type TestRedis, testRedis } from './redis.ts';
import { RESULTS } from './results.ts';
import { openTestSandbox, type TestSandbox } from './test-sandbox.ts';
import { waitFor } from './wait-for.ts';

export { card } from './guides/card.ts';
export { message, text } from './guides/message.ts';

/** A tenant of a system under test, the same in the sandbox and in the tenants file. */
export interface TenantSpec {
  readonly id: string;
  /** 100 at once and 100 per second by default. */
  readonly limit?: Limit;
  /** For cards: 100 at once and 100 per second by default, so that no test waits for them. */
  readonly cardLimit?: Limit;
  /** For operations without their own limit: like `limit`, so that no test waits for them. */
  readonly platformLimit?: Limit;
  readonly dialect?: DialectName;
  /** With the dialect `platform`: its settings in the tenants file. */
  readonly platform?: z.input<typeof platformSchema>;
  /** With the dialect `platform`: the permissions of its OAuth client. All by default. */
  readonly permissions?: readonly string[];
  /** The scopes of its OAuth client. All by default. */
  readonly scopes?: readonly string[];
  /** Callbacks are signed with {@link System.webhookSecret}. */
  readonly callback?: {
    readonly url?: string;
    readonly events?: readonly string[];
    readonly secret?: { readonly env: string };
    readonly previousSecret?: { readonly env: string };
  };
  readonly analytics?: { readonly url: string };
  /** The allowed addresses of its callbacks. The receivers of tests by default. */
  readonly receivers?: object;
  readonly blockedPatterns?: readonly string[];
  /** The address of its API. That of the sandbox by default. */
  readonly api?: string;
  readonly maxAge?: string;
  readonly quietHours?: z.input<typeof quietHours>;
  readonly retryFor?: string;
  readonly onFailure?: 'skip' | 'halt';
  readonly onUnknownOutcome?: 'resend' | 'hold';
}

export interface SystemOptions {
  /** Only `acme` by default. */
  readonly tenants?: readonly (string | TenantSpec)[];
  /** A server of the test, which may stop and restart it. The shared one by default. */
  readonly redis?: TestRedis;
  /** Settings in addition to those that make the system small and quick. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly sandbox?: SandboxOptions;
  /** Handlers of the test replace ours, and may return anything. */
  readonly hasOwnHandlers?: boolean;
}

/** Redis, a sandbox, and the files and variables of an installation, for workers and producers. */
export interface System {
  readonly sandbox: TestSandbox;
  readonly redis: TestRedis;
  readonly client: RedisClient;
  readonly keys: Keys;
  readonly queues: Queues;
  readonly flow: Flow;
  /** The acts of an operator on single jobs. */
  readonly jobs: Jobs;
  /** Variables for a process, or for `loadConfig`. */
  readonly environment: Readonly<Record<string, string>>;
  readonly config: Config;
  readonly webhookSecret: string;
  /** The client secret of a tenant. */
  secretOf(tenantId: string): string;
  /** Replaces the tenants file. Each tenant must be one of the sandbox. */
  writeTenants(tenants: readonly (string | TenantSpec)[]): Promise<void>;
  openProducer(options?: Partial<ProducerOptions>): Producer;
  /** Enqueues a job that expires while its tenant is paused, and waits for its end. */
  expire(kind: JobKind, data: { readonly tenantId: string }): Promise<EndedJob & { readonly jobId: string }>;
  /** Waits for the end of a job. */
  ended(jobId: string | undefined, options?: EndedOptions): Promise<EndedJob>;
}

export interface EndedOptions {
  readonly kind?: JobKind;
  readonly tenantId?: string;
  readonly deadlineMs?: number;
}

/** The facts of the queue about an ended job. */
export interface EndedJob {
  readonly state: 'completed' | 'failed';
  readonly attemptsMade: number;
  readonly attemptsStarted: number;
  readonly failedReason: string | undefined;
  readonly stacktrace: readonly string[];
  readonly result: unknown;
}

/** The first expiry of a job. A loaded machine may need longer to enqueue it. */
const EXPIRES_IN_MS = 300;

/** The wait of a producer for Redis. A loaded machine may need longer than the default. */
const PATIENCE_MS = 60_000;

/** Short times, so that retries, pauses and losses happen soon. */
const QUICK = {
  ENV_FILE: '',
  JOB_RETRY_FOR: '500ms',
  BACKOFF_BASE: '10ms',
  BACKOFF_MAX: '50ms',
  CONNECT_TIMEOUT: '5s',
  // A loaded machine may take long for the first answers of a process.
  HTTP_ANSWER_TIMEOUT: '1m',
  // Longer than an answer of a loaded machine takes. Tests of lost answers set less.
  REQUEST_TIMEOUT: '5s',
  LOCK_DURATION: '10s',
  WEBHOOK_TIMEOUT: '2s',
  WEBHOOK_SCHEDULE: '50ms,50ms',
  CONFLICT_BACKOFF: '10ms',
  POLL_INTERVAL: '50ms',
  REPLICATION_TIMEOUT: '2s',
  PLATFORM_SETTLE_TIMEOUT: '10s',
  AUDIT_READ_BACK_TIMEOUT: '2s',
};

/**
 * For tests that count requests. On a loaded machine a late answer must not count as lost, because
 * the worker would send again. BullMQ hands over the job of a killed worker late, after its lock.
 */
export const PATIENT = {
  CONNECT_TIMEOUT: '30s',
  REQUEST_TIMEOUT: '1m',
  LOCK_DURATION: '2m',
  WEBHOOK_TIMEOUT: '1m',
};

/** Opens a system that closes at the end of the test or file. */
export async function openSystem(options: SystemOptions = {}): Promise<System> {
  const specs = (options.tenants ?? ['acme']).map(asSpec);
  const sandbox = await openTestSandbox({ ...options.sandbox, clients: specs.map(clientOf) });
  const redis = options.redis ?? testRedis();
  const folder = await mkdtemp(join(tmpdir(), 'gwm-test-'));
  onEnd(() => rm(folder, { recursive: true, force: true }));
  const tenantsFile = join(folder, 'tenants.json');
  const webhookSecret = `whsec_${randomBytes(32).toString('base64')}`;
  const environment = {
    ...QUICK,
    REDIS_URL: redis.url,
    QUEUE_PREFIX: redis.prefix,
    TENANTS_FILE: tenantsFile,
    AUDIT_DATABASE_URL: `sqlite:${join(folder, 'audit.db')}`,
    WEBHOOK_SECRET: webhookSecret,
    ...Object.fromEntries(specs.map(({ id }, index) => [secretName(index), secretOf(id)])),
    ...options.environment,
  };
  const config = loadConfig(environment);
  const client = createRedis({ ...redisTarget(config), role: 'caller' });
  const { keys, queues, flow, jobs } = openCore({
    client,
    config,
    seal: openSeal(config, environment),
    onError: () => {},
  });
  if (keys.seal.isOn) await claimInstallation(client, keys);
  onEnd(async () => {
    await queues.close().catch(() => {});
    client.disconnect();
  });

  const writeTenants = async (tenants: readonly (string | TenantSpec)[]) => {
    const entries = tenants.map(asSpec).map((spec) => {
      const index = specs.findIndex(({ id }) => id === spec.id);
      if (index < 0) throw new Error(`The sandbox has no tenant ${spec.id}`);
      return entryOf(spec, index, sandbox.url);
    });
    await writeFile(tenantsFile, JSON.stringify({ tenants: entries }));
  };
  await writeTenants(specs);

  const ended = async (
    jobId: string | undefined,
    { kind = 'message-transmission', tenantId = specs[0]?.id ?? '', deadlineMs }: EndedOptions = {},
  ): Promise<EndedJob> => {
    const queue = queues.of(kind, tenantId);
    const endOf = async () => {
      const state = await queue.getJobState(jobId ?? '');
      return state === 'completed' || state === 'failed' ? state : undefined;
    };
    const state = await waitFor(endOf, {
      what: `the end of job ${jobId} of ${kind}`,
      ...(deadlineMs !== undefined && { deadlineMs }),
    });
    const job = await queue.getJob(jobId ?? '');
    if (!job) throw new Error(`Job ${jobId} was removed`);
    // The worker has logged the end before it. Its pipe may be read after the answer of Redis.
    await setImmediate();
    const { attemptsMade, attemptsStarted, failedReason, stacktrace, returnvalue } = job;
    // A job that a worker found delivered has lost its result.
    const isOurs = !options.hasOwnHandlers && Object.keys(returnvalue ?? {}).length > 0;
    if (state === 'completed' && isOurs) RESULTS[kind].parse(returnvalue);
    return {
      state,
      attemptsMade,
      attemptsStarted,
      failedReason,
      stacktrace: stacktrace ?? [],
      result: returnvalue,
    };
  };

  const openSystemProducer = (overrides?: Partial<ProducerOptions>): Producer => {
    const { queuePrefix, partitions } = config;
    const { url: redisUrl, tls: redisTls, sentinel: redisSentinel } = redisTarget(config);
    const producer = createProducer({
      redisUrl,
      redisTls,
      redisSentinel,
      queuePrefix,
      partitions,
      timeoutMs: PATIENCE_MS,
      payloadKeys: options.environment?.['PAYLOAD_KEYS'],
      ...overrides,
    });
    onEnd(() => producer.close().catch(() => {}));
    return producer;
  };

  const expire: System['expire'] = async (kind, data) => {
    const { tenantId } = data;
    const bucket = { tenantId, bucketClass: CATALOG[kind].bucket ?? 'messages' };
    await flow.pause(bucket, 600_000, 'by hand');
    try {
      const jobId = await enqueueShortLived(openSystemProducer(), kind, data);
      return { jobId, ...(await ended(jobId, { kind, tenantId })) };
    } finally {
      await queues.wake(await flow.resume(bucket));
    }
  };

  return {
    sandbox,
    redis,
    client,
    keys,
    queues,
    flow,
    jobs,
    environment,
    config,
    webhookSecret,
    secretOf,
    writeTenants,
    ended,
    expire,
    openProducer: openSystemProducer,
  };
}

/**
 * Enqueues a job that expires as soon as the machine allows. The producer rejects a job that has
 * expired before.
 */
export async function enqueueShortLived(producer: Producer, kind: JobKind, data: object): Promise<string> {
  for (let lifeMs = EXPIRES_IN_MS; ; lifeMs *= 2) {
    const expiresAt = new Date(Date.now() + lifeMs).toISOString();
    try {
      const { jobIds } = await producer.enqueue(kind, { ...data, expiresAt } as never);
      return jobIds[0] ?? '';
    } catch (error) {
      if (!(error instanceof JobRejectedError) || lifeMs > 10_000) throw error;
    }
  }
}

/** Receivers of tests listen on this machine, by http, on a free port. */
const TEST_RECEIVERS = { allowHttp: true, allowHosts: ['127.0.0.1'], ports: ['1024-65535'] };

const LIMIT: Limit = { capacity: 100, ratePerSecond: 100 };
const PLATFORM_LIMIT: Limit = steady({ capacity: 500, ratePerSecond: 500 });

function asSpec(tenant: string | TenantSpec): TenantSpec {
  return typeof tenant === 'string' ? { id: tenant } : tenant;
}

// The client id has no part of the tenant's name, so that tests can find each of them in a message.
function clientIdOf(index: number): string {
  return `client-${4711 + index}`;
}

function secretName(index: number): string {
  return `CLIENT_SECRET_${index}`;
}

function secretOf(tenantId: string): string {
  return `client-secret-of-${tenantId}`;
}

function clientOf({ id, dialect, permissions, ...spec }: TenantSpec, index: number): SandboxClient {
  const { limit = LIMIT, cardLimit = LIMIT, platformLimit = PLATFORM_LIMIT, scopes = guideScopes } = spec;
  return {
    tenant: id,
    clientId: clientIdOf(index),
    clientSecret: secretOf(id),
    scopes: [...scopes],
    ...(dialect && { dialect }),
    ...(permissions && { permissions: [...permissions] }),
    limits: { messages: sizeOf(limit), cards: sizeOf(cardLimit), platform: sizeOf(platformLimit) },
  };
}

/** What Genesys Cloud knows of a limit. */
function sizeOf({ capacity, ratePerSecond }: Limit) {
  return { capacity, ratePerSecond };
}

function entryOf(spec: TenantSpec, index: number, url: string) {
  const {
    id,
    limit = LIMIT,
    cardLimit = LIMIT,
    platformLimit = PLATFORM_LIMIT,
    scopes: _ofItsClient,
    permissions: _ofItsRoles,
    dialect = 'guest',
    callback,
    api = url,
    ...settings
  } = spec;
  return {
    id,
    dialect,
    hosts: { login: url, api, ...(dialect === 'platform' && { webmessaging: url }) },
    allowInsecureHttp: true,
    clientId: clientIdOf(index),
    clientSecret: { env: secretName(index) },
    limits: {
      ...(dialect === 'guest' && { messages: limit, cards: cardLimit }),
      platform: platformLimit,
    },
    receivers: TEST_RECEIVERS,
    ...settings,
    ...(callback && { callback: { secret: { env: 'WEBHOOK_SECRET' }, ...callback } }),
  };
}
