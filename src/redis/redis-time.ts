import type { RedisClient } from './connect.ts';

/** The time by the clock of Redis, in whole ms since the epoch. */
export async function redisTimeMs(client: Pick<RedisClient, 'time'>): Promise<number> {
  return Math.floor(await exactRedisTimeMs(client));
}

/** The same, to the microsecond. */
export async function exactRedisTimeMs(client: Pick<RedisClient, 'time'>): Promise<number> {
  const [seconds, microseconds] = await client.time();
  return Number(seconds) * 1000 + Number(microseconds) / 1000;
}
