import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../fault.ts';

const FULL_FOR_MS = 5000;
const ROOM_FOR_MS = 5000;

export const REDIS_FULL: Fault = {
  name: 'redis-full',
  group: 8,
  what: 'Redis has no memory left for five seconds: it refuses what would write.',
  full: { rounds: 3, replicas: 3, perSecond: 100 },
  async prepare({ system, scale }) {
    return async () => {
      for (let time = 0; time < scale.rounds; time++) {
        await system.client.config('SET', 'maxmemory', '1mb');
        await sleep(FULL_FOR_MS);
        await system.client.config('SET', 'maxmemory', '8gb');
        if (time < scale.rounds - 1) await sleep(ROOM_FOR_MS);
      }
      return scale.rounds;
    };
  },
};

const BEFORE_MS = 5000;
/** Jobs that wait when Redis loses them, less those of a tenth of a second. */
const WAITING = 400;
const AFTER_MS = 10_000;

export const REDIS_EMPTIED: Fault = {
  name: 'redis-emptied',
  group: 8,
  what: 'FLUSHALL empties Redis. What it held is lost by definition: jobs that wait, and the ledger. Later jobs go on.',
  full: { rounds: 1, replicas: 3, perSecond: 100 },
  rules: { redisForgetsMs: Number.POSITIVE_INFINITY },
  async prepare({ system, load, lossesAtMs }) {
    return async () => {
      await sleep(BEFORE_MS);
      await load.burst(WAITING);
      // Lanes number their jobs from 1 again, and the sandbox compares numbers.
      await load.changeConversations(async () => {
        await system.client.flushall();
        lossesAtMs.push(Date.now());
      });
      await sleep(AFTER_MS);
      return 1;
    };
  },
};
