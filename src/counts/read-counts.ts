import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import { COUNTS, type Fields, HISTOGRAMS, merged } from './fields.ts';

export interface CountsSource {
  readonly client: RedisClient;
  readonly keys: Keys;
}

/** For each kind code the fields of each slot, in the order of the slots. A hash that is missing has none. */
export type Table = ReadonlyMap<string, readonly Fields[]>;

/**
 * What of each hash is read: all fields, all without job latencies, or the counts alone, which costs a
 * tenth.
 */
export type Part = 'all' | 'requests' | 'counts';

/** Commands that are on their way together. */
const COMMANDS_AT_ONCE = 500;

/** Reads the hashes of a tenant. While a tenant moves, another partition may have a part of them. */
export async function readTable(
  { client, keys }: CountsSource,
  tenantId: string,
  kindCodes: readonly string[],
  slots: readonly string[],
  part: Part = 'all',
): Promise<Table> {
  const namesIn = (place: number) =>
    keys.within(place, () =>
      kindCodes.flatMap((kindCode) => slots.map((slot) => keys.counts(tenantId, kindCode, slot))),
    );
  const places = keys.layout.placesOf(tenantId).map(namesIn);
  return await tableFrom(client, kindCodes, slots, places, part);
}

/** Reads the hashes of all tenants together. */
export async function readTotals(
  { client, keys }: CountsSource,
  kindCodes: readonly string[],
  slots: readonly string[],
): Promise<Table> {
  const namesIn = (partition: number) =>
    kindCodes.flatMap((kindCode) => slots.map((slot) => keys.totals(partition, kindCode, slot)));
  return await tableFrom(client, kindCodes, slots, keys.partitions().map(namesIn), 'all');
}

/** Adds the hashes of several tables up. */
export function addTables(one: Table, other: Table): Table {
  return new Map(
    [...other].map(([kindCode, slots]) => {
      const before = one.get(kindCode);
      return [kindCode, before ? slots.map((fields, at) => merged([before[at] ?? [], fields])) : slots];
    }),
  );
}

/** @param places the keys in each partition: for each kind those of all slots. */
async function tableFrom(
  client: RedisClient,
  kindCodes: readonly string[],
  slots: readonly string[],
  places: readonly (readonly string[])[],
  part: Part,
): Promise<Table> {
  const tables = await Promise.all(
    places.map(async (names) => {
      const found = await readHashes(client, names, part);
      const ofKind = (kind: number) => found.slice(kind * slots.length, (kind + 1) * slots.length);
      return new Map(kindCodes.map((kindCode, kind) => [kindCode, ofKind(kind)]));
    }),
  );
  return tables.reduce<Table>(addTables, new Map());
}

/** Reads hashes, in the order of their keys. All of them are in one partition. */
export async function readHashes(
  client: RedisClient,
  names: readonly string[],
  part: Part = 'all',
): Promise<Fields[]> {
  const found: Fields[] = [];
  for (let at = 0; at < names.length; at += COMMANDS_AT_ONCE) {
    const pipeline = client.pipeline();
    for (const name of names.slice(at, at + COMMANDS_AT_ONCE)) {
      if (part === 'counts') pipeline.hmget(name, ...COUNTS);
      else pipeline.hgetall(name);
    }
    for (const [error, reply] of (await pipeline.exec()) ?? []) {
      if (error) throw error;
      found.push(part === 'counts' ? countsIn(reply) : fieldsIn(reply, part));
    }
  }
  return found;
}

/** A value that another program wrote, and that is no number, counts nothing. */
function fieldsIn(reply: unknown, part: Part): Fields {
  const fields = new Map<string, number>();
  for (const [field, count] of Object.entries(reply as Readonly<Record<string, string>>)) {
    if (part === 'requests' && field.startsWith(HISTOGRAMS.jobLatency)) continue;
    fields.set(field, Number(count) || 0);
  }
  return fields;
}

function countsIn(reply: unknown): Fields {
  const fields = new Map<string, number>();
  for (const [at, count] of (reply as readonly (string | null)[]).entries())
    if (count !== null) fields.set(COUNTS[at] ?? '', Number(count) || 0);
  return fields;
}
