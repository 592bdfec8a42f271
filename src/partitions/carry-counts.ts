import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import { loadScript } from '../redis/script.ts';
import type { Leaving } from './belongings.ts';
import { type CarryNames, mergedKey, scanNamed } from './carry-names.ts';

/** Adds the counts of tenants in the old partition to those in the new one. A second call changes nothing. */
export function createCarryCounts(client: RedisClient, keys: Keys): CarryNames {
  const merge = loadScript(client, new URL('./merge-counts.lua', import.meta.url), []);
  return async function carry(leaving, to) {
    await scanNamed(client, keys, leaving, ['counts'], async ({ tenantId, key, name }) => {
      const copy = `${keys.ownOf(to)}${name}`;
      const [fields, leftMs] = await Promise.all([client.hgetall(key), client.pttl(key)]);
      await merge.run(copy, [copy, mergedKey(keys, to, tenantId), leftMs, ...Object.entries(fields).flat()]);
      await client.unlink(key);
    });
  };
}

/** Whether jobs of the tenants were counted in the old partition. */
export async function hasCounts(client: RedisClient, keys: Keys, leaving: Leaving): Promise<boolean> {
  let found = false;
  await scanNamed(client, keys, leaving, ['counts'], async () => {
    found = true;
  });
  return found;
}
