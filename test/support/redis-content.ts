import type { RedisClient } from '../../src/redis/connect.ts';

/** One key in Redis, with all that it holds. */
export interface RedisContent {
  readonly key: string;
  readonly value: unknown;
}

/** Reads every key under a prefix. */
export async function* contentUnder(client: RedisClient, prefix: string): AsyncGenerator<RedisContent> {
  const all = await client.ofMasters(async (master) => {
    const pages: string[][] = await master.scanStream({ match: `${prefix}:*`, count: 1000 }).toArray();
    return pages.flat();
  });
  for (const key of all.flat()) yield { key, value: await held(client, key) };
}

async function held(client: RedisClient, key: string): Promise<unknown> {
  switch (await client.type(key)) {
    case 'string':
      return await client.get(key);
    case 'hash':
      return await client.hgetall(key);
    case 'list':
      return await client.lrange(key, 0, -1);
    case 'set':
      return (await client.smembers(key)).toSorted();
    case 'zset':
      return await client.zrange(key, '0', '-1', 'WITHSCORES');
    case 'stream':
      return await client.xrange(key, '-', '+');
    default:
      return undefined;
  }
}
