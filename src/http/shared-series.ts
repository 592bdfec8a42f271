import { createRecentReads } from '../access/recent-reads.ts';
import { type Clock, systemClock } from '../core/clock.ts';
import type { Series, SeriesName, SeriesReader } from '../counts/series.ts';

/** How long a series counts, ms: a quarter of the shortest step. */
const MAX_AGE_MS = 15_000;
/** A series of a week has up to half a megabyte. */
const MAX_ENTRIES = 50;

/** A reader whose callers share series: one key may ask for those of a hundred tenants again and again. */
export function shareSeries(reader: SeriesReader, clock: Clock = systemClock): SeriesReader {
  const ways: Readonly<Record<Way, (over: SeriesName, ids: readonly string[]) => Promise<Series>>> = {
    tenant: (over, [tenantId = '']) => reader.ofTenant(tenantId, over),
    tenants: (over, tenantIds) => reader.ofTenants(tenantIds, over),
    all: (over) => reader.ofAll(over),
  };
  const reads = createRecentReads<Series>({
    clock,
    maxAgeMs: MAX_AGE_MS,
    maxEntries: MAX_ENTRIES,
    read(id) {
      const [way, over, ...tenantIds] = JSON.parse(id) as [Way, SeriesName, ...string[]];
      return ways[way](over, tenantIds);
    },
  });
  const of = (way: Way, over: SeriesName, tenantIds: readonly string[]) =>
    reads.of(JSON.stringify([way, over, ...tenantIds]));
  return {
    ofTenant: (tenantId, over) => of('tenant', over, [tenantId]),
    ofTenants: (tenantIds, over) => of('tenants', over, tenantIds),
    ofAll: (over) => of('all', over, []),
  };
}

type Way = 'tenant' | 'tenants' | 'all';
