import { METRICS } from '../../src/observe/metric-table.ts';

/** How a panel shows its numbers; the words of Grafana. */
type Unit = 'short' | 's' | 'bytes' | 'ops' | 'percentunit';

/** One line of a panel. */
export interface Query {
  /** PromQL. `$tenant` and `$kind` are the variables of the dashboard. */
  readonly expr: string;
  /** The name of the line, with labels as `{{tenant}}`. */
  readonly legend: string;
}

export interface Panel {
  readonly title: string;
  readonly unit: Unit;
  readonly queries: readonly Query[];
}

export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

const RATE = '[$__rate_interval]';
const OF_TENANT = 'tenant=~"$tenant"';
const OF_KIND = 'kind=~"$kind"';
const OF_BOTH = `${OF_TENANT},${OF_KIND}`;
/** Outcomes after which the job goes on. */
const GOES_ON = 'retry|throttled';

type Name = keyof typeof METRICS;

/** A counter: how often a second. */
function perSecond(name: Name, by: string, of = ''): Query {
  return { expr: `sum by (${by}) (rate(${METRICS[name].name}{${of}}${RATE}))`, legend: `{{${by}}}` };
}

/** A gauge that every process reports alike. */
function ofInstallation(name: Name, by: string, of = ''): Query {
  return { expr: `max by (${by}) (${METRICS[name].name}{${of}})`, legend: legendOf(by) };
}

/** The same, without labels. */
function theOne(name: Name, legend: string): Query {
  return { expr: `max(${METRICS[name].name})`, legend };
}

/** Three quantiles of a histogram. */
function quantiles(name: Name, of: string): Query[] {
  return [0.5, 0.95, 0.99].map((quantile) => ({
    expr: `histogram_quantile(${quantile}, sum by (le) (rate(${METRICS[name].name}_bucket{${of}}${RATE})))`,
    legend: `p${quantile * 100}`,
  }));
}

function legendOf(by: string): string {
  return by
    .split(', ')
    .map((label) => `{{${label}}}`)
    .join(' ');
}

const jobs = METRICS.jobs.name;

/** The dashboard, row by row. A test compares it with the table of metrics. */
export const ROWS: readonly Row[] = [
  {
    title: 'Delivery',
    panels: [
      {
        title: 'Ended jobs',
        unit: 'ops',
        queries: [perSecond('jobs', 'outcome', `${OF_BOTH},outcome!~"${GOES_ON}"`)],
      },
      {
        title: 'Delivered jobs',
        unit: 'ops',
        queries: [perSecond('jobs', 'tenant', `${OF_BOTH},outcome="delivered"`)],
      },
      {
        title: 'Success rate',
        unit: 'percentunit',
        queries: [
          {
            expr: `sum by (kind) (rate(${jobs}{${OF_BOTH},outcome="delivered"}${RATE})) / sum by (kind) (rate(${jobs}{${OF_BOTH},outcome!~"${GOES_ON}"}${RATE}))`,
            legend: '{{kind}}',
          },
        ],
      },
      { title: 'From acceptance to the end', unit: 's', queries: quantiles('jobLatencySeconds', OF_KIND) },
      { title: 'From acceptance to the request', unit: 's', queries: quantiles('jobWaitSeconds', OF_KIND) },
      {
        title: 'Retries and 429s',
        unit: 'ops',
        queries: [perSecond('jobs', 'outcome', `${OF_BOTH},outcome=~"${GOES_ON}"`)],
      },
      {
        title: 'Requests with an unknown outcome',
        unit: 'ops',
        queries: [perSecond('unknownOutcomes', 'tenant', OF_BOTH)],
      },
    ],
  },
  {
    title: 'Waiting jobs and limits',
    panels: [
      {
        title: 'Jobs that have not ended',
        unit: 'short',
        queries: [ofInstallation('jobsWaiting', 'tenant', OF_TENANT)],
      },
      {
        title: 'Age of the oldest waiting job',
        unit: 's',
        queries: [ofInstallation('oldestWaitingSeconds', 'tenant', OF_TENANT)],
      },
      {
        title: 'Age of runnable work',
        unit: 's',
        queries: [ofInstallation('oldestReadySeconds', 'tenant', OF_TENANT)],
      },
      {
        title: 'Lanes with a waiting job',
        unit: 'short',
        queries: [ofInstallation('lanes', 'tenant, bucket, lanes', OF_TENANT)],
      },
      {
        title: 'Requests under way',
        unit: 'short',
        queries: [ofInstallation('requestsInFlight', 'tenant, bucket', OF_TENANT)],
      },
      {
        title: 'Level of the buckets',
        unit: 'percentunit',
        queries: [
          {
            expr: `max by (tenant, bucket) (${METRICS.bucketLevel.name}{${OF_TENANT}}) / max by (tenant, bucket) (${METRICS.bucketSize.name}{${OF_TENANT}})`,
            legend: '{{tenant}} {{bucket}}',
          },
        ],
      },
      {
        title: 'Pauses that are left',
        unit: 's',
        queries: [ofInstallation('bucketPausedSeconds', 'tenant, bucket, reason', OF_TENANT)],
      },
      {
        title: 'Logins at Genesys Cloud',
        unit: 'ops',
        queries: [perSecond('tokensFetched', 'result', OF_TENANT)],
      },
    ],
  },
  {
    title: 'Callbacks',
    panels: [
      {
        title: 'Callbacks',
        unit: 'ops',
        queries: [perSecond('jobs', 'outcome', `${OF_TENANT},kind="webhook-delivery"`)],
      },
      {
        title: 'Endpoints',
        unit: 'short',
        queries: [ofInstallation('endpoints', 'tenant, state', OF_TENANT)],
      },
    ],
  },
  {
    title: 'Workers and Redis',
    panels: [
      { title: 'Workers', unit: 'short', queries: [theOne('workers', 'with a heartbeat')] },
      { title: 'Deaths of workers', unit: 'ops', queries: [perSecond('workerDeaths', 'death')] },
      { title: 'Repairs', unit: 'ops', queries: [perSecond('repairs', 'repair')] },
      {
        title: 'Processor time',
        unit: 'percentunit',
        queries: [{ expr: `rate(process_cpu_seconds_total{job="gwm"}${RATE})`, legend: '{{instance}}' }],
      },
      {
        title: 'Memory of a process',
        unit: 'bytes',
        queries: [{ expr: 'process_resident_memory_bytes{job="gwm"}', legend: '{{instance}}' }],
      },
      {
        title: 'Delay of the event loop, p99',
        unit: 's',
        queries: [{ expr: 'nodejs_eventloop_lag_p99_seconds{job="gwm"}', legend: '{{instance}}' }],
      },
      {
        title: 'Memory of Redis',
        unit: 'bytes',
        queries: [theOne('redisMemory', 'used'), theOne('redisMemoryLimit', 'maxmemory')],
      },
      {
        title: 'Redis answers',
        unit: 'short',
        queries: [{ expr: `min(${METRICS.redisUp.name})`, legend: '1: each process reaches it' }],
      },
      {
        title: 'Clock that differs most',
        unit: 's',
        queries: [theOne('clockSkewSeconds', 'from that of Redis')],
      },
    ],
  },
  {
    title: 'Audit store',
    panels: [
      {
        title: 'Records that wait in Redis',
        unit: 'short',
        queries: [theOne('auditStreamEntries', 'records')],
      },
      {
        title: 'Age of the oldest of them',
        unit: 's',
        queries: [theOne('auditStreamOldestSeconds', 'oldest')],
      },
      { title: 'Stored records', unit: 'ops', queries: [perSecond('auditStored', 'source')] },
      {
        title: 'Lost records, in an hour',
        unit: 'short',
        queries: [{ expr: `sum(increase(${METRICS.auditGivenUp.name}[1h]))`, legend: 'lost' }],
      },
    ],
  },
  {
    title: 'Guests and configurations',
    panels: [
      {
        title: 'Connections of guests',
        unit: 'short',
        queries: [{ expr: `sum(${METRICS.guestConnections.name})`, legend: 'open' }],
      },
      {
        title: 'New connections of guests',
        unit: 'ops',
        queries: [{ expr: `sum(rate(${METRICS.guestConnectionsOpened.name}${RATE}))`, legend: 'opened' }],
      },
      { title: 'Lost echoes', unit: 'ops', queries: [perSecond('guestLostEchoes', 'found')] },
      {
        title: 'Replications acknowledged after',
        unit: 's',
        queries: quantiles('configurationAcknowledgedSeconds', OF_TENANT),
      },
      {
        title: 'Replications active after',
        unit: 's',
        queries: quantiles('configurationActivatedSeconds', OF_TENANT),
      },
      {
        title: 'Version conflicts',
        unit: 'ops',
        queries: [perSecond('configurationConflicts', 'tenant', OF_TENANT)],
      },
    ],
  },
];
