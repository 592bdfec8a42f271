import { type OwnRedis, openOwnRedis } from '../support/own-redis.ts';
import type { TestRedis } from '../support/redis.ts';
import { openTestCluster, type TestCluster } from '../support/redis-cluster.ts';
import { openTestSentinel, type TestSentinel } from '../support/sentinel.ts';

/** What kind of Redis a row has: one server, a Redis Cluster, or a master with a replica and sentinels. */
export type RedisKind = 'server' | 'cluster' | 'sentinel';

/** The Redis of a row. A fault gets the parts of the kind that it has chosen; the others throw. */
export interface StageRedis extends TestRedis {
  /** Settings of all processes that connect to it. */
  readonly settings: Readonly<Record<string, string>>;
  server(): OwnRedis;
  cluster(): TestCluster;
  sentinel(): TestSentinel;
}

const PREFIX = 'own';

/** Each partition has one slot: the two tenants of a row are in different ones, on two of the masters. */
const PARTITIONS = '3';

/** Opens a Redis that ends with the test or file. */
export async function openStageRedis(kind: RedisKind): Promise<StageRedis> {
  if (kind === 'cluster') {
    const cluster = await openTestCluster();
    return { ...place(cluster.url, { PARTITIONS }), cluster: () => cluster };
  }
  if (kind === 'sentinel') {
    const sentinel = await openTestSentinel();
    const settings = { REDIS_SENTINEL_PASSWORD: sentinel.password };
    return { ...place(sentinel.url, settings), sentinel: () => sentinel };
  }
  const server = await openOwnRedis();
  return { ...place(server.url), server: () => server };
}

function place(url: string, settings: StageRedis['settings'] = {}): StageRedis {
  const lacks = (what: string) => (): never => {
    throw new TypeError(`The row has no ${what}. Its fault chooses one with its trait redis.`);
  };
  return {
    url,
    prefix: PREFIX,
    settings,
    server: lacks('single server'),
    cluster: lacks('cluster'),
    sentinel: lacks('sentinels'),
  };
}
