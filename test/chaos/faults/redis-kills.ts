import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault, Strike } from '../fault.ts';
import type { Stage } from '../stage.ts';

/** Redis is away for a moment, and then works for a while. */
const AWAY_MS = 500;
const WORKS_MS = 4000;
/** With `everysec` Redis may answer before it writes, for as long as the disk is busy. */
const EVERYSEC_FORGETS_MS = 2000;

export const REDIS_KILLS_ALWAYS: Fault = {
  name: 'redis-kills-always',
  group: 3,
  what: 'SIGKILL ends Redis, and it starts again with its data. `appendfsync always`.',
  full: { rounds: 5, replicas: 3, perSecond: 100 },
  appendfsync: 'always',
  prepare: async (stage) => killRedis(stage),
};

export const REDIS_KILLS_EVERYSEC: Fault = {
  ...REDIS_KILLS_ALWAYS,
  name: 'redis-kills-everysec',
  what: 'The same with `appendfsync everysec`.',
  appendfsync: 'everysec',
  rules: { redisForgetsMs: EVERYSEC_FORGETS_MS },
};

function killRedis({ redis, scale, system, lossesAtMs, random }: Stage): Strike {
  return async () => {
    const [, appendfsync = ''] = (await system.client.config('GET', 'appendfsync')) as string[];
    for (let kill = 0; kill < scale.rounds; kill++) {
      // At any moment of its work.
      await sleep(random.below(1000));
      lossesAtMs.push(Date.now());
      await redis.server().kill();
      await sleep(AWAY_MS);
      await redis.server().restart();
      await setting(system, appendfsync);
      if (kill < scale.rounds - 1) await sleep(WORKS_MS);
    }
    return scale.rounds;
  };
}

/** The client of the test connects again at some moment. */
async function setting({ client }: Stage['system'], appendfsync: string): Promise<void> {
  for (;;) {
    const isSet = await client.config('SET', 'appendfsync', appendfsync).catch(() => undefined);
    if (isSet) return;
  }
}
