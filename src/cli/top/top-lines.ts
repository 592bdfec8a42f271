import type { Overview, WorkerRow } from '../../survey/overview.ts';
import type { RecentSummary, TenantState } from '../../survey/tenant-state.ts';
import type { EndpointView } from '../../webhooks/records.ts';
import { type Cell, printableLine, renderColumns } from '../output.ts';

/** The room on a screen. */
export interface Room {
  readonly rows: number;
}

/** Rows of workers, and of endpoints, on a screen. */
const FEW = 5;

/**
 * The overview as lines of text: totals, tenants, workers, endpoints in trouble.
 * @param room without it all rows are shown, else as many tenants as fit.
 */
export function topLines(overview: Overview, room?: Room): string[] {
  const below = [
    ...tableOf('workers', WORKERS, overview.workers ?? [], workerCells, room && FEW),
    ...tableOf('endpoints in trouble', ENDPOINTS, overview.endpointsInTrouble, endpointCells, room && FEW),
  ];
  const above = [totalLine(overview), installationLine(overview)];
  const left = room && Math.max(1, room.rows - above.length - below.length - TABLE_FRAME);
  return [...above, ...tableOf('tenants', TENANTS, byTrouble(overview.tenants), tenantCells, left), ...below];
}

/** Lines of a table beside its rows: an empty one, its head, and that of the rest. */
const TABLE_FRAME = 3;

function tableOf<Row>(
  name: string,
  head: readonly string[],
  rows: readonly Row[],
  cells: (row: Row) => readonly Cell[],
  most = Number.POSITIVE_INFINITY,
): string[] {
  if (rows.length === 0) return [];
  const shown = rows.slice(0, most).map(cells);
  const rest = rows.length - shown.length;
  const more = rest > 0 ? [`… and ${rest} more ${name}`] : [];
  return ['', ...renderColumns(head, shown), ...more];
}

function totalLine({ at, tenants, total }: Overview): string {
  const { waiting, runnable, inFlight, minute, hour } = total;
  return printableLine([
    at.slice(0, 19).replace('T', ' '),
    `${tenants.length} tenants`,
    `${waiting} waiting`,
    `${runnable} could run`,
    `${inFlight} in flight`,
    `${minute.counts.delivered} delivered in a minute, ${hour.counts.delivered} in an hour`,
    `delivery ${percent(hour.deliveryRate)}`,
    `success ${percent(hour.successRate)}`,
    `ms ${percentiles(hour).join(' / ')}`,
  ]);
}

function installationLine({ workers, relay, redis }: Overview): string {
  const inHand = workers?.reduce((sum, worker) => sum + (worker.inHand ?? 0), 0) ?? 0;
  return printableLine([
    `${workers?.length ?? 0} workers with ${inHand} jobs in hand`,
    `${relay?.waiting ?? 0} audit records wait, the oldest for ${relay?.lagSeconds.toFixed(1) ?? 0} s`,
    `Redis ${megabytes(redis?.memoryBytes ?? 0)}${redis?.memoryLimitBytes ? ` of ${megabytes(redis.memoryLimitBytes)}` : ''}`,
  ]);
}

/** Those that stand still first, then those with most jobs. */
function byTrouble(tenants: readonly TenantState[]): readonly TenantState[] {
  const rank = ({ state }: TenantState) => (state === 'running' ? 1 : 0);
  return tenants.toSorted(
    (a, b) =>
      rank(a) - rank(b) ||
      b.waiting - a.waiting ||
      b.minute.counts.delivered - a.minute.counts.delivered ||
      a.id.localeCompare(b.id),
  );
}

const TENANTS = [
  'tenant',
  'state',
  'waiting',
  'could run',
  'oldest s',
  'in flight',
  'level',
  'delivered/min',
  'delivered/h',
  'failed/h',
  '429/h',
  'delivery',
  'success',
  'p50 ms',
  'p95',
  'p99',
] as const;

function tenantCells(tenant: TenantState): readonly Cell[] {
  const { minute, hour } = tenant;
  const { delivered, failed, expired, held, throttled } = hour.counts;
  return [
    tenant.id,
    tenant.reason === null ? tenant.state : `${tenant.state}: ${tenant.reason}`,
    tenant.waiting,
    tenant.runnable,
    tenant.oldestRunnableSeconds,
    tenant.inFlight,
    tenant.buckets.map(({ level }) => level).join(' '),
    minute.counts.delivered,
    delivered,
    failed + expired + held,
    throttled,
    percent(hour.deliveryRate),
    percent(hour.successRate),
    ...percentiles(hour),
  ];
}

const WORKERS = ['worker', 'version', 'in hand', 'since', 'last beat', 'queues'] as const;

function workerCells({ name, version, inHand, startedAt, beatAt, queues }: WorkerRow): readonly Cell[] {
  return [name, version ?? '-', inHand ?? '-', startedAt ?? '-', beatAt ?? '-', queues?.join(' ') ?? '-'];
}

const ENDPOINTS = ['endpoint in trouble', 'tenant', 'state', 'failures', 'waiting', 'since'] as const;

function endpointCells(endpoint: EndpointView): readonly Cell[] {
  const { url, tenantId, state, failures, waiting, disabledAt, failingSince } = endpoint;
  return [url, tenantId, state, failures, waiting, disabledAt ?? failingSince ?? '-'];
}

function percent(rate: number | null): string {
  return rate === null ? '-' : `${rate.toFixed(1)} %`;
}

function percentiles({ latency }: RecentSummary): readonly Cell[] {
  return latency ? [latency.p50, latency.p95, latency.p99] : ['-', '-', '-'];
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)} MB`;
}
