import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import { type Fields, merged } from './fields.ts';

export interface CountsSource {
  readonly client: RedisClient;
  readonly keys: Keys;
}

/** For each kind code the fields of each slot, in the order of the slots. A hash that is missing has none. */
export type Table = ReadonlyMap<string, readonly Fields[]>;

/** Commands that are on their way together. */
const COMMANDS_AT_ONCE = 500;

/** Reads the hashes of a tenant. While a tenant moves, another partition may have a part of them. */
export async function readTable(
  { client, keys }: CountsSource,
  tenantId: string,
  kindCodes: readonly string[],
  slots: readonly string[],
): Promise<Table> {
  return await tableFrom(client, kindCodes, slots, keys.layout.placesOf(tenantId), (place) =>
    keys.within(place, () =>
      kindCodes.flatMap((kindCode) => slots.map((slot) => keys.counts(tenantId, kindCode, slot))),
    ),
  );
}

/** Reads the hashes of all tenants together. */
export async function readTotals(
  { client, keys }: CountsSource,
  kindCodes: readonly string[],
  slots: readonly string[],
): Promise<Table> {
  return await tableFrom(client, kindCodes, slots, keys.partitions(), (place) =>
    kindCodes.flatMap((kindCode) => slots.map((slot) => keys.totals(place, kindCode, slot))),
  );
}

/** @param namesIn the keys in a partition: for each kind those of all slots. */
async function tableFrom(
  client: RedisClient,
  kindCodes: readonly string[],
  slots: readonly string[],
  places: readonly number[],
  namesIn: (place: number) => string[],
): Promise<Table> {
  const found = await Promise.all(places.map((place) => readHashes(client, namesIn(place))));
  const fieldsAt = (index: number): Fields =>
    found.length === 1 ? (found[0]?.[index] ?? NO_FIELDS) : merged(found.map((of) => of[index] ?? NO_FIELDS));
  return new Map(
    kindCodes.map((kindCode, kind) => [
      kindCode,
      slots.map((_slot, slot) => fieldsAt(kind * slots.length + slot)),
    ]),
  );
}

const NO_FIELDS: Fields = new Map();

async function readHashes(client: RedisClient, names: readonly string[]): Promise<Fields[]> {
  const found: Fields[] = [];
  for (let at = 0; at < names.length; at += COMMANDS_AT_ONCE) {
    const pipeline = client.pipeline();
    for (const name of names.slice(at, at + COMMANDS_AT_ONCE)) pipeline.hgetall(name);
    for (const [error, reply] of (await pipeline.exec()) ?? []) {
      if (error) throw error;
      found.push(numbersIn(reply as Record<string, string>));
    }
  }
  return found;
}

/** A value that another program wrote, and that is no number, counts nothing. */
function numbersIn(hash: Readonly<Record<string, string>>): Fields {
  return new Map(Object.entries(hash).map(([field, count]) => [field, Number(count) || 0]));
}
