import { BUCKET_CLASSES } from '../jobs/define.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import type { Leaving } from './belongings.ts';
import { eachOf, tenantOf } from './carry-names.ts';
import { FLOWING, type NamedKey } from './find-names.ts';

/** Removes from the old partition what lists and limits would show twice, once the new one has it. */
export async function clearFlow(
  client: RedisClient,
  keys: Keys,
  leaving: Leaving,
  found: readonly NamedKey[],
): Promise<void> {
  const own = keys.ownOf(leaving.from);
  for (const [job, lane] of Object.entries(await client.hgetall(`${own}halted`)))
    if (leaving.tenantIds.has(tenantOf(lane))) await client.hdel(`${own}halted`, job);
  const flowing = found.filter(({ what }) => FLOWING.includes(what));
  await eachOf(flowing, ({ name }) => client.unlink(`${own}${name}`));
}

/** Removes the rest: the index of jobs, what callbacks needed, buckets and tokens. The ledger forgets its entries by itself. */
export async function clearRest(client: RedisClient, keys: Keys, leaving: Leaving): Promise<void> {
  const own = keys.ownOf(leaving.from);
  for (const tenantId of leaving.tenantIds) {
    await client.unlink(`${own}jobs:${tenantId}`);
    await client.hdel(`${own}indexed`, tenantId);
    await client.unlink(`${own}later:${tenantId}`, `${own}quiet:${tenantId}`, `${own}frozen:${tenantId}`);
    await client.zrem(`${own}deferred`, tenantId);
    const ids = await client.zrange(`${own}endpoints:${tenantId}`, '0', '-1');
    for (const id of ids) {
      await client.unlink(
        `${own}endpoint:${id}`,
        `${own}endpoint-permits:${id}`,
        `${own}endpoint-waiting:${id}`,
      );
      await client.srem(`${own}endpoints-occupied`, `${tenantId} ${id}`);
    }
    await client.unlink(
      `${own}endpoints:${tenantId}`,
      `${own}endpoints-permits:${tenantId}`,
      `${own}endpoints-ready:${tenantId}`,
      `${own}token:${tenantId}`,
      `${own}token-lock:${tenantId}`,
      `${own}audit-through:${tenantId}`,
    );
  }
  for (const name of bucketNames(leaving.tenantIds)) {
    const sets = ['bucket', 'waiting', 'reserved', 'busy', 'sending'].map((what) => `${own}${what}:${name}`);
    await client.unlink(...sets);
    await client.srem(`${own}occupied`, name);
  }
}

/** The buckets that belong to one tenant each. */
export function bucketNames(tenantIds: Iterable<string>): string[] {
  return [...tenantIds].flatMap((tenantId) => BUCKET_CLASSES.map((name) => `${tenantId}:${name}`));
}
