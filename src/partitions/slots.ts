import type { RedisClient } from '../redis/connect.ts';

/** The hash slot of a key; null without a cluster. */
export async function slotOf(client: RedisClient, key: string): Promise<number | null> {
  return client.isCluster ? Number(await client.cluster('KEYSLOT', key)) : null;
}

/** The master that has a slot, as `host:port`; null when no master has it. */
export async function nodeOf(client: RedisClient, slot: number): Promise<string | null> {
  const ranges = await client.cluster('SLOTS');
  const [, , master] = ranges.find(([first, last]) => first <= slot && slot <= last) ?? [];
  return master ? `${master[0]}:${master[1]}` : null;
}
