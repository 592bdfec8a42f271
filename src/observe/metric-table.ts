/**
 * What each label means. Their values are few: words of this program, and the tenants of the
 * tenants file. The id of a job, a conversation or an organization is not a label, because
 * Prometheus keeps a time series per value for weeks.
 */
export const LABELS = {
  kind: 'the kind of job, which is the name of its queue',
  tenant: 'the id of the tenant, or `-` where the tenants file has no such tenant',
  outcome:
    '`delivered`; `failed`, `expired` and `held`: dead letters; `retry`: a failure that a worker retries; `throttled`: a 429 of Genesys Cloud, after which the job waits',
  source: 'where an audit record comes from',
  bucket: 'the bucket class: `messages`, `cards` or `platform`',
  lanes:
    '`runnable`: a worker may take its job now; `throttled`: its job waits for a token, or for the end of a pause',
  reason:
    'why a bucket is paused: `rate-limited`, `credentials-refused`, `permission-missing`, `circuit-open`, `quiet-hours`, `moving` to another partition, or `operator`',
  state: 'of an endpoint: `well`, `failing`, `paused` or `disabled`',
  result: '`fetched`, or `failed`',
  repair: 'what the reconciler repaired: `lane`, `job`, `schedule`',
  death:
    '`dead`: its heartbeat stopped, and other workers run its jobs; `alive`: the heartbeat of this worker lapsed, and it goes on',
  found:
    '`delivered`: the message had arrived; `absent`: it had not, and a worker sends it again; `unclear`: too little is left of the history',
} as const;

type LabelName = keyof typeof LABELS;

/** A metric of the table. */
export interface MetricEntry {
  /**
   * In base units, with the endings of Prometheus: `_total` for a counter, `_seconds` for a time.
   */
  readonly name: `gwm_${string}`;
  readonly kind: 'counter' | 'gauge' | 'histogram';
  /** What the metric counts or measures, with its unit. */
  readonly help: string;
  readonly labels: readonly LabelName[];
  /** Upper bounds of a histogram, ascending, in the unit of the metric. */
  readonly buckets?: readonly number[];
}

/** From an immediate message to one that waited a day behind many others. */
const LATENCY_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200, 86_400];
/** One request, up to the longest REQUEST_TIMEOUT. */
const REQUEST_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30, 60, 300];
/** A replication that the worker polls until every organization has it. */
const REPLICATION_SECONDS = [0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600];

/** Every metric, by the name of its handle. docs/metrics.md renders this table. */
export const METRICS = {
  jobs: {
    name: 'gwm_jobs_total',
    kind: 'counter',
    help: 'Jobs that ended, failed attempts and 429s, by outcome. Another wait does not count. An end that a worker reports again counts once.',
    labels: ['kind', 'tenant', 'outcome'],
  },
  jobLatencySeconds: {
    name: 'gwm_job_latency_seconds',
    kind: 'histogram',
    help: 'Seconds from the acceptance of a job to its end, for every kind of end.',
    labels: ['kind'],
    buckets: LATENCY_SECONDS,
  },
  unknownOutcomes: {
    name: 'gwm_unknown_outcomes_total',
    kind: 'counter',
    help: 'Requests without an answer that Genesys Cloud may have carried out. The answer was lost, or the worker died.',
    labels: ['kind', 'tenant'],
  },
  jobWaitSeconds: {
    name: 'gwm_job_wait_seconds',
    kind: 'histogram',
    help: 'Seconds from the acceptance of a job to the request that delivered it, without the request.',
    labels: ['kind'],
    buckets: LATENCY_SECONDS,
  },
  bucketLevel: {
    name: 'gwm_bucket_level',
    kind: 'gauge',
    help: 'Requests that a tenant may send at once.',
    labels: ['tenant', 'bucket'],
  },
  bucketSize: {
    name: 'gwm_bucket_size',
    kind: 'gauge',
    help: 'Requests that a tenant may send at once when its bucket is full.',
    labels: ['tenant', 'bucket'],
  },
  bucketPausedSeconds: {
    name: 'gwm_bucket_paused_seconds',
    kind: 'gauge',
    help: 'Seconds until the pause of a bucket ends. Absent without a pause.',
    labels: ['tenant', 'bucket', 'reason'],
  },
  requestsInFlight: {
    name: 'gwm_requests_in_flight',
    kind: 'gauge',
    help: 'Requests of a tenant that are under way, those of dead workers included for as long as they may be.',
    labels: ['tenant', 'bucket'],
  },
  lanes: {
    name: 'gwm_lanes',
    kind: 'gauge',
    help: 'Conversations and other lanes of a tenant with a job that waits.',
    labels: ['tenant', 'bucket', 'lanes'],
  },
  jobsWaiting: {
    name: 'gwm_jobs_waiting',
    kind: 'gauge',
    help: 'Accepted jobs of a tenant that have not ended.',
    labels: ['tenant'],
  },
  oldestWaitingSeconds: {
    name: 'gwm_oldest_waiting_seconds',
    kind: 'gauge',
    help: 'Seconds since the acceptance of the oldest job of a tenant that waits for its turn; 0 without one.',
    labels: ['tenant'],
  },
  oldestReadySeconds: {
    name: 'gwm_oldest_ready_seconds',
    kind: 'gauge',
    help: 'Seconds for which a job of a tenant has had its turn, and no worker has taken it; 0 without one. It grows when there are too few workers.',
    labels: ['tenant'],
  },
  endpoints: {
    name: 'gwm_endpoints',
    kind: 'gauge',
    help: 'Endpoints of a tenant that workers called lately, by state.',
    labels: ['tenant', 'state'],
  },
  workers: {
    name: 'gwm_workers',
    kind: 'gauge',
    help: 'Workers with a heartbeat.',
    labels: [],
  },
  clockSkewSeconds: {
    name: 'gwm_clock_skew_seconds',
    kind: 'gauge',
    help: 'Seconds by which the clock of a process differs most from that of Redis; 0 up to one second.',
    labels: [],
  },
  redisMemory: {
    name: 'gwm_redis_memory_bytes',
    kind: 'gauge',
    help: 'Memory that Redis uses; of a cluster, that of the fullest master.',
    labels: [],
  },
  redisMemoryLimit: {
    name: 'gwm_redis_memory_limit_bytes',
    kind: 'gauge',
    help: 'Limit of the memory of Redis, `maxmemory`; 0 without one. At nine tenths Redis gets no more jobs.',
    labels: [],
  },
  redisUp: {
    name: 'gwm_redis_up',
    kind: 'gauge',
    help: 'Whether Redis answered: 1, or 0. At 0 the metrics of buckets, lanes, endpoints and workers are absent.',
    labels: [],
  },
  tokensFetched: {
    name: 'gwm_tokens_fetched_total',
    kind: 'counter',
    help: 'Logins of a tenant at Genesys Cloud.',
    labels: ['tenant', 'result'],
  },
  repairs: {
    name: 'gwm_repairs_total',
    kind: 'counter',
    help: 'What the reconciler of this worker repaired.',
    labels: ['repair'],
  },
  workerDeaths: {
    name: 'gwm_worker_deaths_total',
    kind: 'counter',
    help: 'Deaths of workers that this worker saw, and lapses of its own heartbeat.',
    labels: ['death'],
  },
  configurationAcknowledgedSeconds: {
    name: 'gwm_configuration_acknowledged_seconds',
    kind: 'histogram',
    help: 'Seconds from the request for a replication until Genesys Cloud acknowledges it.',
    labels: ['tenant'],
    buckets: REQUEST_SECONDS,
  },
  configurationActivatedSeconds: {
    name: 'gwm_configuration_activated_seconds',
    kind: 'histogram',
    help: 'Seconds from the request for a replication until it has run in every organization.',
    labels: ['tenant'],
    buckets: REPLICATION_SECONDS,
  },
  configurationConflicts: {
    name: 'gwm_configuration_conflicts_total',
    kind: 'counter',
    help: 'Version conflicts (409) of configurations that workers resolved.',
    labels: ['tenant'],
  },
  guestConnections: {
    name: 'gwm_guest_connections',
    kind: 'gauge',
    help: 'Open connections of guests in this process.',
    labels: [],
  },
  guestConnectionsOpened: {
    name: 'gwm_guest_connections_opened_total',
    kind: 'counter',
    help: 'Connections of guests that this process has opened. Many of them for few messages: connections break, or wait too short for the next message (GUEST_IDLE).',
    labels: [],
  },
  guestLostEchoes: {
    name: 'gwm_guest_lost_echoes_total',
    kind: 'counter',
    help: 'Looks into the history of a guest for a message whose echo did not come.',
    labels: ['found'],
  },
  auditStreamEntries: {
    name: 'gwm_audit_stream_entries',
    kind: 'gauge',
    help: 'Audit records that wait in Redis for the database. Every worker reports the same number, so take the maximum.',
    labels: [],
  },
  auditStreamOldestSeconds: {
    name: 'gwm_audit_stream_oldest_seconds',
    kind: 'gauge',
    help: 'Seconds that the oldest of these records has waited; 0 without records. Every worker reports the same number.',
    labels: [],
  },
  auditGivenUp: {
    name: 'gwm_audit_given_up_total',
    kind: 'counter',
    help: 'Lost audit records. The database did not answer for AUDIT_STREAM_MAX_AGE, or it refused the records.',
    labels: [],
  },
  auditStored: {
    name: 'gwm_audit_stored_total',
    kind: 'counter',
    help: 'Audit records written to the database.',
    labels: ['source'],
  },
} as const satisfies Record<string, MetricEntry>;
