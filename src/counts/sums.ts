import { loadScript, type Script } from '../redis/script.ts';
import type { Fields } from './fields.ts';
import type { CountsSource } from './read-counts.ts';

/** Hashes that are added up: one for each tenant, kind and slot. */
export interface SumOf {
  readonly tenantIds: readonly string[];
  readonly slots: readonly string[];
}

/** Adds up hashes of counts in Redis, so that only sums come over the network. */
export interface Sums {
  /**
   * @param partition that of the tenants.
   * @returns the fields of each sum, in their order.
   */
  of(partition: number, kindCodes: readonly string[], sums: readonly SumOf[]): Promise<Fields[]>;
}

/** Hashes of one script: with all their fields, Redis serves no other client for about five ms. */
export const HASHES_AT_ONCE = 300;

export function createSums({ client, keys }: CountsSource): Sums {
  const script: Script = loadScript(client, new URL('./sum-counts.lua', import.meta.url), []);

  async function run(partition: number, kindCodes: readonly string[], sums: readonly SumOf[]) {
    const prefix = keys.ownOf(partition);
    const args = sums.flatMap(({ tenantIds, slots }) => [
      tenantIds.length,
      ...tenantIds,
      slots.length,
      ...slots,
    ]);
    return (await script.run(prefix, [prefix, kindCodes.join(''), ...args])) as (string | number)[][];
  }

  return {
    async of(partition, kindCodes, sums) {
      const found: Fields[] = [];
      for (const some of partsOf(sums, kindCodes.length))
        found.push(...(await run(partition, kindCodes, some)).map(fieldsIn));
      return found;
    },
  };
}

/** Divides sums into scripts. A sum that has more hashes than a script should is a script of its own. */
function partsOf(sums: readonly SumOf[], kinds: number): SumOf[][] {
  const parts: SumOf[][] = [];
  let hashes = Number.POSITIVE_INFINITY;
  for (const sum of sums) {
    const own = sum.tenantIds.length * sum.slots.length * kinds;
    if (hashes + own > HASHES_AT_ONCE) {
      parts.push([]);
      hashes = 0;
    }
    parts.at(-1)?.push(sum);
    hashes += own;
  }
  return parts;
}

function fieldsIn(list: readonly (string | number)[]): Fields {
  const fields = new Map<string, number>();
  for (let at = 0; at < list.length; at += 2) fields.set(String(list[at]), Number(list[at + 1]));
  return fields;
}

/** The tenants of each partition that has counts of them. One that moves is in two. */
export function byPlace(
  { keys }: Pick<CountsSource, 'keys'>,
  tenantIds: readonly string[],
): ReadonlyMap<number, readonly string[]> {
  const found = new Map<number, string[]>();
  for (const tenantId of tenantIds) {
    for (const place of keys.layout.placesOf(tenantId)) {
      const ids = found.get(place) ?? [];
      found.set(place, ids);
      ids.push(tenantId);
    }
  }
  return found;
}
