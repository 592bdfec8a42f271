import type { JobKind } from '../jobs/catalog.ts';
import { redisTimeMs } from '../redis/redis-time.ts';
import { type Counts, type Fields, merged } from './fields.ts';
import { COUNTED_KINDS, KIND_CODES } from './kinds.ts';
import { addTables, readTable, readTotals, type Table } from './read-counts.ts';
import { type Range, SPANS, slotsOf, startOf } from './spans.ts';
import { type Percentiles, summaryOf } from './summary.ts';
import type { WindowReaderOptions } from './windows.ts';

/** What a chart shows: the stretch of time, and the span of its points. */
const SERIES = {
  '1h': { span: 'minute', ms: 3_600_000 },
  '24h': { span: 'quarter', ms: 86_400_000 },
  '7d': { span: 'hour', ms: 7 * 86_400_000 },
} as const satisfies Record<string, Range>;

export type SeriesName = keyof typeof SERIES;

export const SERIES_NAMES = Object.keys(SERIES) as SeriesName[];

/** What the jobs of a tenant or of several did in one span of time. */
export interface Point {
  /** When the span begins. */
  readonly at: string;
  readonly counts: Counts;
  /** Duration of the request that delivered a job, ms; null without one. */
  readonly latency: Percentiles | null;
  /** Time from the acceptance of a job to its delivery, ms; null without one. */
  readonly jobLatency: Percentiles | null;
}

export interface Series {
  readonly over: SeriesName;
  readonly from: string;
  readonly to: string;
  readonly stepSeconds: number;
  /** All kinds together, the oldest point first. The last one has not ended. */
  readonly points: readonly Point[];
  /** Each kind with counts. */
  readonly kinds: readonly { readonly kind: JobKind; readonly points: readonly Point[] }[];
}

export interface SeriesReader {
  /** Up to 169 hashes for each kind. */
  ofTenant(tenantId: string, over: SeriesName): Promise<Series>;
  /** The sum of some tenants: that many hashes for each of them. Of several tenants it has no times. */
  ofTenants(tenantIds: readonly string[], over: SeriesName): Promise<Series>;
  /** The sum of all tenants that the installation has or had: that many hashes for each partition. */
  ofAll(over: SeriesName): Promise<Series>;
}

export function createSeriesReader({ client, keys, now }: WindowReaderOptions): SeriesReader {
  const source = { client, keys };

  /** Times are most of the fields: those of a hundred tenants would keep this process busy for seconds. */
  async function sumOf(tenantIds: readonly string[], slots: readonly string[]): Promise<Table> {
    const part = tenantIds.length > 1 ? 'counts' : 'all';
    let table: Table = new Map();
    for (const tenantId of tenantIds)
      table = addTables(table, await readTable(source, tenantId, KIND_CODES, slots, part));
    return table;
  }

  async function seriesOf(over: SeriesName, read: (slots: readonly string[]) => Promise<Table>) {
    const toMs = now ? now() : await redisTimeMs(client);
    return seriesIn(await read(slotsOf(SERIES[over], toMs)), over, toMs);
  }

  return {
    ofTenant: (tenantId, over) => seriesOf(over, (slots) => sumOf([tenantId], slots)),
    ofTenants: (tenantIds, over) => seriesOf(over, (slots) => sumOf(tenantIds, slots)),
    ofAll: (over) => seriesOf(over, (slots) => readTotals(source, KIND_CODES, slots)),
  };
}

function seriesIn(table: Table, over: SeriesName, toMs: number): Series {
  const range = SERIES[over];
  const fromMs = startOf(range, toMs);
  const stepMs = SPANS[range.span].ms;
  const count = slotsOf(range, toMs).length;
  const pointsOf = (kindCodes: readonly string[]) =>
    Array.from({ length: count }, (_, index) => {
      const fields = merged(kindCodes.map((kindCode) => table.get(kindCode)?.[index] ?? []));
      return pointAt(fromMs + index * stepMs, fields);
    });
  const active = COUNTED_KINDS.filter(({ kindCode }) => table.get(kindCode)?.some(({ size }) => size > 0));
  return {
    over,
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    stepSeconds: stepMs / 1000,
    points: pointsOf(KIND_CODES),
    kinds: active.map(({ kind, kindCode }) => ({ kind, points: pointsOf([kindCode]) })),
  };
}

function pointAt(atMs: number, fields: Fields): Point {
  const { counts, latency, jobLatency } = summaryOf(fields);
  return { at: new Date(atMs).toISOString(), counts, latency, jobLatency };
}
