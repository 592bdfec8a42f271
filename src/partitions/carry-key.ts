import type { RedisClient } from '../redis/connect.ts';

/**
 * Copies a key to another hash slot, with the time that it has left.
 * @param how `keep` leaves a key that is there as it is.
 * @returns false when there is no such key.
 */
export async function carryKey(
  client: RedisClient,
  source: string,
  target: string,
  how: 'replace' | 'keep',
): Promise<boolean> {
  const [value, leftMs] = await Promise.all([client.dumpBuffer(source), client.pttl(source)]);
  if (value === null) return false;
  if (how === 'keep' && (await client.exists(target)) === 1) return true;
  // Redis takes 0 for a key that does not expire.
  await client.restore(target, Math.max(0, leftMs), value, 'REPLACE');
  return true;
}
