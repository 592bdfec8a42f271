import {
  collectDefaultMetrics,
  Counter as PromCounter,
  Gauge as PromGauge,
  Histogram as PromHistogram,
  Registry,
} from 'prom-client';

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
  found:
    '`delivered`: the message had arrived; `absent`: it had not, and a worker sends it again; `unclear`: too little is left of the history',
} as const;

type LabelName = keyof typeof LABELS;

interface MetricEntry {
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

/** Every metric of a worker, by the name of its handle. docs/metrics.md renders this table. */
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

type MetricTable = typeof METRICS;

/** A value, after the labels of the metric if it has labels. Every label is needed. */
type Sample<Label extends string, Value extends readonly unknown[]> = [Label] extends [never]
  ? Value
  : [labels: Readonly<Record<Label, string>>, ...value: Value];

export interface Counter<Label extends string = never> {
  /** Adds one, or `by`. */
  inc(...sample: Sample<Label, [by?: number]>): void;
}

export interface Gauge<Label extends string = never> {
  set(...sample: Sample<Label, [value: number]>): void;
}

export interface Histogram<Label extends string = never> {
  observe(...sample: Sample<Label, [value: number]>): void;
}

type HandleOf<Entry extends MetricEntry> = Entry['kind'] extends 'counter'
  ? Counter<Entry['labels'][number]>
  : Entry['kind'] extends 'gauge'
    ? Gauge<Entry['labels'][number]>
    : Histogram<Entry['labels'][number]>;

/** Renders the metrics as text, for a server. */
export type MetricsRegistry = Pick<Registry, 'metrics' | 'contentType'>;

/** A handle for each metric of the table, and their registry. */
export type Metrics = { readonly [Name in keyof MetricTable]: HandleOf<MetricTable[Name]> } & {
  readonly registry: MetricsRegistry;
};

/** Creates all metrics of this process, and those of Node, in a registry of their own. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const handles = Object.entries(METRICS).map(([name, entry]) => [name, createHandle(entry, registry)]);
  return { ...Object.fromEntries(handles), registry } as Metrics;
}

function createHandle(
  { name, kind, help, labels, buckets }: MetricEntry,
  registry: Registry,
): PromCounter | PromGauge | PromHistogram {
  const options = { name, help, labelNames: [...labels], registers: [registry] };
  switch (kind) {
    case 'counter':
      return new PromCounter(options);
    case 'gauge':
      return new PromGauge(options);
    case 'histogram':
      return new PromHistogram({ ...options, ...(buckets && { buckets: [...buckets] }) });
  }
}
