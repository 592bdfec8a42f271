import { type Fields, merged } from './fields.ts';
import { type CountsSource, readHashes } from './read-counts.ts';
import { type Range, SPANS, type SpanName, slotsOf, startOf } from './spans.ts';

/** The counts of a tenant in the last minute and hour, of all kinds together, without job latencies. */
export type Recent = Readonly<Record<RecentName, Fields>>;

/** An hour of quarters is one hash in the place of fifteen: the hours of many tenants cost less. */
const RECENT = {
  minute: { span: 'slice', ms: 60_000 },
  hour: { span: 'quarter', ms: 3_600_000 },
} as const satisfies Record<string, Range>;

export type RecentName = keyof typeof RECENT;

export const NOTHING_RECENT: Recent = { minute: new Map(), hour: new Map() };

/** Reads the same tenants again and again. */
export interface RecentReader {
  /**
   * Reads which tenants have counts, and then only hashes that may have changed: for each tenant and kind
   * with counts two or three. Counts that come late, after an outage, are seen within five minutes.
   */
  of(toMs: number): Promise<ReadonlyMap<string, Recent>>;
}

/** A hash that was read. */
interface Known {
  readonly fields: Fields;
  readonly readAtMs: number;
  /** Whether its span was long over, so that workers had added their counts. */
  readonly isSettled: boolean;
}

/** A hash that a window needs. */
interface Needed {
  readonly name: RecentName;
  readonly tenantId: string;
  readonly place: number;
  readonly key: string;
  /** When its span ends, ms. */
  readonly endMs: number;
}

/** Workers add their counts once a second. */
const SETTLED_AFTER_MS = 5000;
/** Then a settled hash is read again, ms. */
const KNOWN_FOR_MS = 300_000;

export function createRecentReader({ client, keys }: CountsSource): RecentReader {
  let known: ReadonlyMap<string, Known> = new Map();

  /** `<tenant>:<kind code>` of those with counts in a quarter. A tenant that moved is listed where it was. */
  async function activeIn(slot: string): Promise<ReadonlySet<string>> {
    const sets = keys.partitions().map((partition) => client.smembers(keys.activeCounts(partition, slot)));
    return new Set((await Promise.all(sets)).flat());
  }

  function neededFor(name: RecentName, active: ReadonlySet<string>, slots: readonly Slot[]): Needed[] {
    return [...active].flatMap((member) => {
      const at = member.lastIndexOf(':');
      const [tenantId, kindCode] = [member.slice(0, at), member.slice(at + 1)];
      return keys.layout.placesOf(tenantId).flatMap((place) =>
        keys.within(place, () =>
          slots.map(({ slot, endMs }) => ({
            name,
            tenantId,
            place,
            key: keys.counts(tenantId, kindCode, slot),
            endMs,
          })),
        ),
      );
    });
  }

  async function needed(toMs: number): Promise<Needed[]> {
    const quarters = slotsAndEnds('hour', toMs);
    const active = await Promise.all(quarters.map(({ slot }) => activeIn(slot)));
    const hours = quarters.flatMap((quarter, at) => neededFor('hour', active[at] ?? new Set(), [quarter]));
    // A minute touches two quarters at most.
    const lately = new Set(active.slice(-2).flatMap((members) => [...members]));
    return [...hours, ...neededFor('minute', lately, slotsAndEnds('minute', toMs))];
  }

  function isKnown({ key }: Needed, toMs: number): boolean {
    const found = known.get(key);
    return found?.isSettled === true && toMs - found.readAtMs < KNOWN_FOR_MS;
  }

  return {
    async of(toMs) {
      const all = await needed(toMs);
      const asked = all.filter((each) => !isKnown(each, toMs));
      const read = new Map<string, Known>();
      const byPlace = Map.groupBy(asked, ({ place }) => place);
      await Promise.all(
        [...byPlace.values()].map(async (inPlace) => {
          const names = inPlace.map(({ key }) => key);
          const found = await readHashes(client, names, 'requests');
          for (const [at, { key, endMs }] of inPlace.entries()) {
            const isSettled = endMs + SETTLED_AFTER_MS < toMs;
            read.set(key, { fields: found[at] ?? new Map(), readAtMs: toMs, isSettled });
          }
        }),
      );
      known = new Map(all.flatMap(({ key }) => knownAs(key, read.get(key) ?? known.get(key))));
      return summed(all, known);
    },
  };
}

interface Slot {
  readonly slot: string;
  readonly endMs: number;
}

function slotsAndEnds(name: RecentName, toMs: number): Slot[] {
  const range = RECENT[name];
  const spanMs = SPANS[range.span as SpanName].ms;
  const fromMs = startOf(range, toMs);
  return slotsOf(range, toMs).map((slot, at) => ({ slot, endMs: fromMs + (at + 1) * spanMs }));
}

function knownAs(key: string, found: Known | undefined): [string, Known][] {
  return found ? [[key, found]] : [];
}

function summed(all: readonly Needed[], known: ReadonlyMap<string, Known>): ReadonlyMap<string, Recent> {
  const ofTenants = Map.groupBy(all, ({ tenantId }) => tenantId);
  return new Map(
    [...ofTenants].map(([tenantId, ofTenant]) => {
      const sumOf = (name: RecentName) =>
        merged(ofTenant.filter((each) => each.name === name).map(({ key }) => known.get(key)?.fields ?? []));
      return [tenantId, { minute: sumOf('minute'), hour: sumOf('hour') }];
    }),
  );
}

/** Adds the counts of several tenants. */
export function together(all: readonly Recent[]): Recent {
  return { minute: merged(all.map(({ minute }) => minute)), hour: merged(all.map(({ hour }) => hour)) };
}

/** When the two windows begin. */
export function recentFrom(toMs: number): Readonly<Record<RecentName, string>> {
  const from = (name: RecentName) => new Date(startOf(RECENT[name], toMs)).toISOString();
  return { minute: from('minute'), hour: from('hour') };
}
