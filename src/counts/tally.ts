import { CATALOG, isJobKind } from '../jobs/catalog.ts';
import type { CountedRun } from '../observe/count-runs.ts';
import type { Keys } from '../redis/keys.ts';
import { addTo, bucketField } from './fields.ts';
import { bucketOf } from './histogram.ts';
import { SHORTEST, SPANS, slotOf } from './spans.ts';

/** Counts in memory, until a flush takes them to Redis. */
export interface Tally {
  /** A few additions in memory. Runs of callbacks and of unknown tenants do not count. */
  add(run: CountedRun): void;
  /**
   * Removes counts of a partition, the oldest first, and returns what they add to its hashes.
   * @param nowMs a hash that Redis would have removed by now gets nothing.
   * @returns undefined when the partition has no counts.
   */
  take(partition: number, nowMs: number): Taken | undefined;
  /** Runs that found no room, since the last call. */
  takeDropped(): number;
}

export interface Taken {
  readonly additions: readonly Addition[];
  /** Whether the partition has no further counts. */
  readonly isAll: boolean;
}

/** What a flush adds to one hash. */
export interface Addition {
  readonly key: string;
  readonly keptMs: number;
  /** Where a new hash is listed. */
  readonly listing: Listing | undefined;
  readonly fields: ReadonlyMap<string, number>;
}

/** A set of tenants and kinds that have a hash of a span. */
export interface Listing {
  readonly key: string;
  readonly keptMs: number;
  readonly member: string;
}

/** The counts of a tenant and a kind in one slice of time. */
interface Cell {
  readonly tenantId: string;
  readonly kindCode: string;
  readonly atMs: number;
  readonly fields: Map<string, number>;
}

/** An addition in the making. */
interface NewFields extends Omit<Addition, 'key' | 'fields'> {
  readonly fields: Map<string, number>;
}

const SPAN_COUNT = Object.keys(SPANS).length;

/** Fields in memory, about 100 bytes each. They become many only while Redis takes no counts. */
const MAX_FIELDS = 100_000;

/** Fields of one flush of a partition, roughly: Redis serves no other command meanwhile. */
const MAX_TAKEN = 3000;

export function createTally(keys: Keys, maxFields = MAX_FIELDS): Tally {
  const cells = new Map<string, Cell>();
  let size = 0;
  let dropped = 0;

  function addOne(cell: Cell, field: string): void {
    if (!cell.fields.has(field)) size++;
    addTo(cell.fields, field, 1);
  }

  function cellOf(kindCode: string, tenantId: string, atMs: number): Cell {
    const name = `${slotOf(SHORTEST, atMs)} ${kindCode} ${tenantId}`;
    const found = cells.get(name);
    if (found) return found;
    const cell = { tenantId, kindCode, atMs, fields: new Map() };
    cells.set(name, cell);
    return cell;
  }

  return {
    add({ kind, tenantId, outcome, latencyMs, requestMs, atMs }) {
      const kindCode = isJobKind(kind) ? CATALOG[kind].kindCode : null;
      if (kindCode === null || tenantId === undefined) return;
      if (size >= maxFields) {
        dropped++;
        return;
      }
      const cell = cellOf(kindCode, tenantId, atMs);
      addOne(cell, outcome);
      if (outcome !== 'delivered') return;
      addOne(cell, bucketField('jobLatency', bucketOf(latencyMs)));
      if (requestMs !== undefined) addOne(cell, bucketField('latency', bucketOf(requestMs)));
    },

    take(partition, nowMs) {
      const additions = new Map<string, NewFields>();
      let taken = 0;
      let isAll = true;
      for (const [name, cell] of cells) {
        if (keys.layout.homeOf(cell.tenantId) !== partition) continue;
        isAll = taken < MAX_TAKEN;
        if (!isAll) break;
        cells.delete(name);
        size -= cell.fields.size;
        taken += cell.fields.size * SPAN_COUNT;
        keys.within(partition, () => spread(cell, { keys, partition, nowMs }, additions));
      }
      if (taken === 0) return undefined;
      return { isAll, additions: [...additions].map(([key, addition]) => ({ key, ...addition })) };
    },

    takeDropped() {
      const number = dropped;
      dropped = 0;
      return number;
    },
  };
}

/** Adds a cell to its hash of each span, and to that of all tenants of the partition. */
function spread(
  { tenantId, kindCode, atMs, fields }: Cell,
  { keys, partition, nowMs }: { readonly keys: Keys; readonly partition: number; readonly nowMs: number },
  additions: Map<string, NewFields>,
): void {
  const add = (key: string, keptMs: number, listing?: Listing) => {
    const addition = additions.get(key) ?? { keptMs, listing, fields: new Map() };
    additions.set(key, addition);
    for (const [field, count] of fields) addTo(addition.fields, field, count);
  };
  for (const span of Object.values(SPANS)) {
    const { ms, keptMs, listedMs } = span;
    if (atMs + ms + keptMs < nowMs) continue;
    const slot = slotOf(span, atMs);
    const member = `${tenantId}:${kindCode}`;
    const listing = { key: keys.activeCounts(partition, slot), keptMs: listedMs, member };
    add(keys.counts(tenantId, kindCode, slot), keptMs, listedMs > 0 ? listing : undefined);
    if (span.hasTotals) add(keys.totals(partition, kindCode, slot), keptMs);
  }
}
