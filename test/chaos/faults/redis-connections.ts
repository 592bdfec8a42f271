import { setTimeout as sleep } from 'node:timers/promises';
import { openFreezingProxy } from '../../support/freezing-proxy.ts';
import { openLink } from '../../support/link.ts';
import type { Fault } from '../fault.ts';
import { throughProducer } from '../load.ts';

/** Longer than the 8 s after which a worker gives up a silent connection. */
const EVERY_MS = 12_000;

export const SILENT_CONNECTIONS: Fault = {
  name: 'silent-connections',
  group: 5,
  what: 'All connections of workers and of the producer to Redis fall silent, without FIN or RST. New ones work.',
  full: { rounds: 4, replicas: 3, perSecond: 100 },
  // A lock that runs out during the silence would be another fault: redis-frozen.
  settings: { REQUEST_TIMEOUT: '10s', LOCK_DURATION: '30s' },
  async prepare({ system, redis, workerEnvironment, scale, enterThrough }) {
    const proxy = await openFreezingProxy(redis.url);
    workerEnvironment['REDIS_URL'] = proxy.url;
    enterThrough(throughProducer(system.openProducer({ redisUrl: proxy.url, timeoutMs: 5000 })));
    return async () => {
      let silenced = 0;
      for (let freeze = 0; freeze < scale.rounds; freeze++) {
        silenced += proxy.freeze();
        if (freeze < scale.rounds - 1) await sleep(EVERY_MS);
      }
      return silenced;
    };
  },
};

const ONE_WAY_MS = 15;
const DISTANT_FOR_MS = 20_000;

export const DISTANT_REDIS: Fault = {
  name: 'distant-redis',
  group: 5,
  what: 'Redis is 30 ms away from workers and producer.',
  full: { rounds: 1, replicas: 3, perSecond: 100 },
  rules: { nothingTwice: true },
  async prepare({ system, redis, workerEnvironment, enterThrough }) {
    const link = await openLink(redis.url, ONE_WAY_MS, ONE_WAY_MS);
    workerEnvironment['REDIS_URL'] = link.url;
    enterThrough(throughProducer(system.openProducer({ redisUrl: link.url, timeoutMs: 5000 })));
    return async () => {
      await sleep(DISTANT_FOR_MS);
      return 1;
    };
  },
};
