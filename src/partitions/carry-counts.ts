import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import { loadScript } from '../redis/script.ts';
import { type CarryNames, eachOf, mergedKey } from './carry-names.ts';

/** Adds the counts of tenants in the old partition to those in the new one. A second call changes nothing. */
export function createCarryCounts(client: RedisClient, keys: Keys): CarryNames {
  const merge = loadScript(client, new URL('./merge-counts.lua', import.meta.url), []);
  return async function carry({ from }, to, found) {
    const counts = found.filter(({ what }) => what === 'counts');
    await eachOf(counts, async ({ tenantId, name }) => {
      const [key, copy] = [`${keys.ownOf(from)}${name}`, `${keys.ownOf(to)}${name}`];
      const [fields, leftMs] = await Promise.all([client.hgetall(key), client.pttl(key)]);
      await merge.run(copy, [copy, mergedKey(keys, to, tenantId), leftMs, ...Object.entries(fields).flat()]);
      await client.unlink(key);
    });
  };
}
