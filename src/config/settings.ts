import { HTTP_SETTINGS } from './http-settings.ts';
import { auditDatabaseUrl, choice, duration, durations, integer, proxyUrl, redisUrl, text } from './kinds.ts';
import { payloadKeys } from './payload-keys.ts';
import { REDIS_LOGIN_SETTINGS } from './redis-settings.ts';
import { optional, type Setting, setting } from './setting.ts';
import { TRACES_SETTINGS } from './traces-settings.ts';
import { WEBMESSAGING_SETTINGS } from './webmessaging-settings.ts';

export type { Setting } from './setting.ts';

export const SETTINGS = {
  redisUrl: setting({
    env: 'REDIS_URL',
    group: 'Redis',
    description:
      'Address of Redis 6.2 or newer, or Valkey. It needs maxmemory-policy noeviction and AOF. Several hosts, separated by commas, or redis+cluster:// for a cluster; redis+sentinel://…?name=… for Sentinel; rediss://, rediss+cluster:// and rediss+sentinel:// for TLS. docs/redis.md has examples.',
    default: 'redis://127.0.0.1:6379',
    schema: redisUrl(),
    secret: true,
  }),
  ...REDIS_LOGIN_SETTINGS,
  queuePrefix: setting({
    env: 'QUEUE_PREFIX',
    group: 'Redis',
    description: 'First part of every Redis key. Two installations on one Redis need two prefixes.',
    default: 'gwm',
    schema: text('letters, digits, "-" and "_", at most 40', /^[\w-]{1,40}$/),
  }),
  partitions: setting({
    env: 'PARTITIONS',
    group: 'Redis',
    description:
      'Number of hash slots that share the tenants. The nodes of a Redis Cluster share the slots. The first process writes the number into Redis, where it counts. `gwm partitions raise` raises it (docs/partitions.md).',
    default: '1',
    schema: integer(1, 64),
  }),
  payloadKeys: optional({
    env: 'PAYLOAD_KEYS',
    group: 'Redis',
    description:
      'Keys that seal texts and other values in Redis, by reference: `2026-11=file:/run/secrets/payload,2026-05=env:OLD_KEY`. Each key is 32 bytes as base64 or hex. The first one seals, all of them open. Every process needs the same (docs/security.md).',
    schema: payloadKeys(),
    secret: true,
  }),
  tenantsFile: setting({
    env: 'TENANTS_FILE',
    group: 'Tenants',
    description:
      'JSON file with the tenants (see tenants.example.json); workers and `gwm serve` read it again on SIGHUP or `POST /v1/tenants/reload`.',
    default: 'tenants.json',
    schema: text('the path of a file', /\S/),
  }),
  workerConcurrency: setting({
    env: 'WORKER_CONCURRENCY',
    group: 'Worker',
    description:
      'Jobs that one process runs at the same time, per queue. Set it to several times the concurrency limit of a tenant (inFlight, 200 at 100 per second).',
    default: '1000',
    schema: integer(1, 10_000),
  }),
  shutdownTimeoutMs: setting({
    env: 'SHUTDOWN_TIMEOUT',
    group: 'Worker',
    description: 'How long the running jobs may take to finish after SIGTERM. Then other workers run them.',
    default: '25s',
    schema: duration('0s', '10m'),
  }),
  retryForMs: setting({
    env: 'JOB_RETRY_FOR',
    group: 'Worker',
    description:
      'How long workers retry a failing job after its first attempt; about 580 attempts in a day. Then the job is a dead letter. 0s: one attempt. Waits for a turn, pauses and outages of the login host do not count. A tenant may have its own time (retryFor).',
    default: '24h',
    schema: duration('0s', '30d'),
  }),
  backoffBaseMs: setting({
    env: 'BACKOFF_BASE',
    group: 'Worker',
    description:
      'Longest wait after the first failed attempt. It doubles after each further one, with full jitter.',
    default: '1s',
    schema: duration('1ms', '1h'),
  }),
  backoffMaxMs: setting({
    env: 'BACKOFF_MAX',
    group: 'Worker',
    description: 'Longest wait between any two attempts.',
    default: '5m',
    schema: duration('1ms', '1d'),
  }),
  lockDurationMs: setting({
    env: 'LOCK_DURATION',
    group: 'Worker',
    description:
      'If a worker does not renew its locks for this time, other workers run its jobs; those of a dead worker within seconds. At least twice REQUEST_TIMEOUT.',
    default: '30s',
    schema: duration('1s', '10m'),
  }),
  ledgerTtlMs: setting({
    env: 'LEDGER_TTL',
    group: 'Worker',
    description:
      'How long the ledger remembers how a job ended. For this time, a repeated idempotency key is a duplicate.',
    default: '7d',
    schema: duration('1m', '365d'),
  }),
  keepCompleted: setting({
    env: 'KEEP_COMPLETED',
    group: 'Worker',
    description:
      'Delivered jobs that Redis keeps per queue, to show them and to recognize repeated idempotency keys.',
    default: '10000',
    schema: integer(0, 10_000_000),
  }),
  keepFailedMs: setting({
    env: 'KEEP_FAILED',
    group: 'Worker',
    description: 'How long Redis keeps dead letters.',
    default: '14d',
    schema: duration('1m', '365d'),
  }),
  connectTimeoutMs: setting({
    env: 'CONNECT_TIMEOUT',
    group: 'Genesys Cloud',
    description: 'Longest wait for a connection to Genesys Cloud or to a receiver of callbacks.',
    default: '5s',
    schema: duration('10ms', '1m'),
  }),
  requestTimeoutMs: setting({
    env: 'REQUEST_TIMEOUT',
    group: 'Genesys Cloud',
    description: 'Longest wait for the whole answer of Genesys Cloud.',
    default: '15s',
    schema: duration('10ms', '5m'),
  }),
  maxConflicts: setting({
    env: 'MAX_CONFLICTS',
    group: 'Genesys Cloud',
    description: 'How often a worker reads and writes a configuration or a deployment again after a 409.',
    default: '5',
    schema: integer(0, 100),
  }),
  conflictBackoffMs: setting({
    env: 'CONFLICT_BACKOFF',
    group: 'Genesys Cloud',
    description: 'Longest wait after the first 409. It doubles after each further one, with full jitter.',
    default: '500ms',
    schema: duration('1ms', '1m'),
  }),
  pollIntervalMs: setting({
    env: 'POLL_INTERVAL',
    group: 'Genesys Cloud',
    description:
      'First wait between two polls of a replication, or of audit records. It doubles each time, up to 15 times the first one.',
    default: '1s',
    schema: duration('1ms', '1m'),
  }),
  replicationTimeoutMs: setting({
    env: 'REPLICATION_TIMEOUT',
    group: 'Genesys Cloud',
    description: 'Longest time of a replication of a configuration. Then the worker stops polling.',
    default: '10m',
    schema: duration('10ms', '1d'),
  }),
  readBackTimeoutMs: setting({
    env: 'AUDIT_READ_BACK_TIMEOUT',
    group: 'Genesys Cloud',
    description: 'How long a rollout waits for the audit records of its changes to appear.',
    default: '2m',
    schema: duration('10ms', '1d'),
  }),
  platformSettleTimeoutMs: setting({
    env: 'PLATFORM_SETTLE_TIMEOUT',
    group: 'Genesys Cloud',
    description:
      'How long a worker waits until a new or changed configuration or deployment of the dialect `platform` can be used.',
    default: '30s',
    schema: duration('10ms', '10m'),
  }),
  auditQueryTimeoutMs: setting({
    env: 'AUDIT_QUERY_TIMEOUT',
    group: 'Genesys Cloud',
    description: 'Longest time of an audit query in the dialect `platform`. Then the worker asks again.',
    default: '1h',
    schema: duration('10ms', '1d'),
  }),
  auditOverlapMs: setting({
    env: 'AUDIT_OVERLAP',
    group: 'Genesys Cloud',
    description: 'How much time before its start an audit-sync reads again, because records may come late.',
    default: '10m',
    schema: duration('0s', '1d'),
  }),
  ...WEBMESSAGING_SETTINGS,
  httpsProxy: optional({
    env: 'HTTPS_PROXY',
    alias: 'https_proxy',
    group: 'Network',
    description:
      'Proxy for requests to https:// addresses, such as http://user:password@proxy:3128. Also as https_proxy.',
    schema: proxyUrl(),
    secret: true,
  }),
  httpProxy: optional({
    env: 'HTTP_PROXY',
    alias: 'http_proxy',
    group: 'Network',
    description: 'Proxy for requests to http:// addresses. Also as http_proxy.',
    schema: proxyUrl(),
    secret: true,
  }),
  noProxy: optional({
    env: 'NO_PROXY',
    alias: 'no_proxy',
    group: 'Network',
    description:
      'Hosts that workers call without a proxy, separated by commas: names with their subdomains, addresses, networks such as 10.0.0.0/8; * for all. Also as no_proxy.',
    schema: text('names, addresses and networks, separated by commas', /^[\x20-\x7e]+$/),
  }),
  userAgentSuffix: optional({
    env: 'USER_AGENT_SUFFIX',
    group: 'Network',
    description:
      'Text after genesys-webmessaging-worker/VERSION in the User-Agent of every request, such as the name of the installation.',
    schema: text('at most 200 printable ASCII characters', /^[\x20-\x7e]{1,200}$/),
  }),
  webhookTimeoutMs: setting({
    env: 'WEBHOOK_TIMEOUT',
    group: 'Callbacks',
    description: 'Longest wait for the answer of a receiver of callbacks.',
    default: '10s',
    schema: duration('10ms', '1m'),
  }),
  webhookScheduleMs: setting({
    env: 'WEBHOOK_SCHEDULE',
    group: 'Callbacks',
    description:
      'Waits between the attempts to deliver one callback, each ±20 %. After the last attempt the callback is a dead letter.',
    default: '5s,5m,30m,2h,5h,10h,14h,20h,24h',
    schema: durations(),
  }),
  webhookEndpointConcurrency: setting({
    env: 'WEBHOOK_ENDPOINT_CONCURRENCY',
    group: 'Callbacks',
    description:
      'Most calls to one endpoint at the same time, over all replicas. All endpoints of a tenant together get a quarter of WORKER_CONCURRENCY.',
    default: '20',
    schema: integer(1, 1000),
  }),
  webhookDisableAfterMs: setting({
    env: 'WEBHOOK_DISABLE_AFTER',
    group: 'Callbacks',
    description: 'A worker disables an endpoint after this time with failures only.',
    default: '5d',
    schema: duration('1s', '365d'),
  }),
  analyticsTimeoutMs: setting({
    env: 'ANALYTICS_TIMEOUT',
    group: 'Callbacks',
    description: 'Longest wait for the answer of a receiver of analytics events; there is one attempt.',
    default: '5s',
    schema: duration('10ms', '1m'),
  }),
  auditDatabaseUrl: setting({
    env: 'AUDIT_DATABASE_URL',
    group: 'Audit',
    description:
      'The audit store: `sqlite:PATH`, which the processes of one machine may share, or the address of a PostgreSQL database.',
    default: 'sqlite:gwm-audit.db',
    schema: auditDatabaseUrl(),
    secret: true,
  }),
  auditKeys: optional({
    env: 'AUDIT_KEYS',
    group: 'Audit',
    description:
      'Keys of the audit chain, by reference as in PAYLOAD_KEYS. The first one writes, all of them verify. With them a person who can write to the database cannot rewrite records and head together (docs/audit.md).',
    schema: payloadKeys(),
    secret: true,
  }),
  auditStreamMaxAgeMs: setting({
    env: 'AUDIT_STREAM_MAX_AGE',
    group: 'Audit',
    description:
      'How long audit records wait in Redis while their database does not answer. Then a worker removes them, logs this and counts them.',
    default: '7d',
    schema: duration('1m', '365d'),
  }),
  ...HTTP_SETTINGS,
  metricsHost: setting({
    env: 'METRICS_HOST',
    group: 'Metrics',
    description:
      'Address of the metrics and of the health probes of a worker. There is no password, so allow access from the internal network only.',
    default: '127.0.0.1',
    schema: text('an IP address or a host name', /^[\w.:-]+$/),
  }),
  metricsPort: optional({
    env: 'METRICS_PORT',
    group: 'Metrics',
    description:
      'Port of /metrics, for Prometheus, and of /healthz and /readyz of a worker; 0: a free one. Without it there are none. Each process of a machine needs its own port.',
    schema: integer(0, 65_535),
  }),
  ...TRACES_SETTINGS,
  logLevel: setting({
    env: 'LOG_LEVEL',
    group: 'Logs',
    description: 'Least severe level that a process logs, as JSON lines on standard output.',
    default: 'info',
    schema: choice('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'),
  }),
} as const satisfies Record<string, Setting<unknown>>;

/** The settings of a process, read and frozen at its start; times are milliseconds. */
export type Config = {
  readonly [Name in keyof typeof SETTINGS]: (typeof SETTINGS)[Name] extends Setting<infer T> ? T : never;
};
