import { type Fields, merged } from './fields.ts';
import { KIND_CODES } from './kinds.ts';
import type { CountsSource } from './read-counts.ts';
import { type Range, slotsOf, startOf } from './spans.ts';
import { byPlace, createSums } from './sums.ts';

/** The counts of a tenant in the last minute and hour, of all kinds together. */
export type Recent = Readonly<Record<RecentName, Fields>>;

/** An hour of quarters is one hash in the place of fifteen: a window of many tenants costs less. */
const RECENT = {
  minute: { span: 'slice', ms: 60_000 },
  hour: { span: 'quarter', ms: 3_600_000 },
} as const satisfies Record<string, Range>;

export type RecentName = keyof typeof RECENT;

export const NOTHING_RECENT: Recent = { minute: new Map(), hour: new Map() };

export interface RecentReader {
  /** Reads 7 hashes of slices and 5 of quarters for each kind of each tenant, within Redis. */
  of(tenantIds: readonly string[], toMs: number): Promise<ReadonlyMap<string, Recent>>;
}

export function createRecentReader(source: CountsSource): RecentReader {
  const sums = createSums(source);
  return {
    async of(tenantIds, toMs) {
      const found = new Map<string, Recent>();
      const [minute, hour] = [slotsOf(RECENT.minute, toMs), slotsOf(RECENT.hour, toMs)];
      const readPlace = async ([place, ids]: readonly [number, readonly string[]]) => {
        const asked = ids.flatMap((id) => [minute, hour].map((slots) => ({ tenantIds: [id], slots })));
        const fields = await sums.of(place, KIND_CODES, asked);
        for (const [index, id] of ids.entries()) {
          const recent = { minute: fields[2 * index], hour: fields[2 * index + 1] } as Recent;
          found.set(id, together([found.get(id) ?? NOTHING_RECENT, recent]));
        }
      };
      await Promise.all([...byPlace(source, tenantIds)].map(readPlace));
      return found;
    },
  };
}

/** Adds the counts of several tenants, or of several partitions. */
export function together(all: readonly Recent[]): Recent {
  return { minute: merged(all.map(({ minute }) => minute)), hour: merged(all.map(({ hour }) => hour)) };
}

/** When the two windows begin. */
export function recentFrom(toMs: number): Readonly<Record<RecentName, string>> {
  const from = (name: RecentName) => new Date(startOf(RECENT[name], toMs)).toISOString();
  return { minute: from('minute'), hour: from('hour') };
}
