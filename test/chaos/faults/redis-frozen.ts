import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../fault.ts';

const LOCK_MS = 6000;
/** All locks have run out when Redis goes on. */
const FROZEN_MS = 1.5 * LOCK_MS;
const WORKS_MS = 5000;

export const REDIS_FROZEN: Fault = {
  name: 'redis-frozen',
  group: 4,
  what: 'Redis stands still for one and a half times LOCK_DURATION (SIGSTOP, SIGCONT).',
  full: { rounds: 3, replicas: 3, perSecond: 100 },
  settings: { REQUEST_TIMEOUT: `${LOCK_MS / 2}ms`, LOCK_DURATION: `${LOCK_MS}ms` },
  async prepare({ redis, scale }) {
    return async () => {
      for (let freeze = 0; freeze < scale.rounds; freeze++) {
        await redis.server().kill('SIGSTOP');
        await sleep(FROZEN_MS);
        await redis.server().kill('SIGCONT');
        if (freeze < scale.rounds - 1) await sleep(WORKS_MS);
      }
      return scale.rounds;
    };
  },
};
