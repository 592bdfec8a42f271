import type { RedisClient } from './connect.ts';

/** The moment by the clock of Redis, which all processes share, ms since the epoch. */
export async function redisTimeMs(client: Pick<RedisClient, 'time'>): Promise<number> {
  const [seconds, microseconds] = await client.time();
  return Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000);
}
