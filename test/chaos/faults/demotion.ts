import { setTimeout as sleep } from 'node:timers/promises';
import { createRedis, type RedisClient } from '../../../src/redis/connect.ts';
import { openFreezingProxy } from '../../support/freezing-proxy.ts';
import { onEnd } from '../../support/lifetime.ts';
import { openOwnRedis } from '../../support/own-redis.ts';
import { waitFor } from '../../support/wait-for.ts';
import type { Fault } from '../fault.ts';
import { throughProducer } from '../load.ts';

const WORKS_MS = 5000;

export const DEMOTION: Fault = {
  name: 'demotion',
  group: 6,
  what: 'The master becomes a replica and its replica the master (FAILOVER), there and back. A name leads to the master.',
  full: { rounds: 4, replicas: 3, perSecond: 100 },
  settings: { REQUEST_TIMEOUT: '10s', LOCK_DURATION: '30s' },
  async prepare({ system, redis, workerEnvironment, scale, enterThrough }) {
    const other = await openOwnRedis();
    const servers = [redis.url, other.url].map((url) => ({ url, client: plainClient(url) }));
    const [first, second] = servers;
    if (!first || !second) throw new Error('There are two servers.');
    await first.client.config('SET', 'repl-diskless-sync-delay', '0');
    await second.client.call('REPLICAOF', '127.0.0.1', new URL(first.url).port);
    await untilLinked(second.client);
    const proxy = await openFreezingProxy(first.url);
    workerEnvironment['REDIS_URL'] = proxy.url;
    enterThrough(throughProducer(system.openProducer({ redisUrl: proxy.url, timeoutMs: 5000 })));
    return async () => {
      // An even number, so that the first one is the master at the end.
      for (let turn = 0; turn < scale.rounds; turn++) {
        const [from, to] = turn % 2 === 0 ? [first, second] : [second, first];
        await from.client.call('FAILOVER', 'TO', '127.0.0.1', new URL(to.url).port);
        await waitFor(async () => /role:master/.test(await to.client.info('replication')), {
          what: 'the new master',
        });
        proxy.leadTo(to.url);
        await untilLinked(from.client);
        if (turn < scale.rounds - 1) await sleep(WORKS_MS);
      }
      return scale.rounds;
    };
  },
};

async function untilLinked(replica: RedisClient): Promise<void> {
  await waitFor(async () => /master_link_status:up/.test(await replica.info('replication')), {
    what: 'the link to the master',
  });
}

/** A client that accepts replicas. */
function plainClient(url: string): RedisClient {
  const client = createRedis({ url, role: 'caller' });
  client.options.reconnectOnError = null;
  const connector = Reflect.get(client, 'connector') as { check: () => boolean };
  connector.check = () => true;
  onEnd(() => client.disconnect());
  return client;
}
