import type { RedisClient } from '../../../src/redis/connect.ts';

/**
 * The jobs that wait in a lane, in order, as the scripts write them.
 * @param key of the lane.
 */
export async function waitingIn(client: RedisClient, key: string): Promise<string[]> {
  return await client.zrange(key, 0, '+inf', 'BYSCORE');
}
