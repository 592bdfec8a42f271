import { createRedis } from '../../../src/redis/connect.ts';
import { createKeys } from '../../../src/redis/keys.ts';
import { createSessions, type Sessions } from '../../../src/webmessaging/sessions.ts';
import { onEnd } from '../../support/lifetime.ts';
import { testRedis } from '../../support/redis.ts';

/** Sessions on a real Redis, by a clock that the test moves. */
export interface SimulatedSessions {
  readonly sessions: Sessions;
  now(): number;
  pass(ms: number): void;
}

export function openSimulatedSessions(): SimulatedSessions {
  const redis = testRedis();
  const client = createRedis({ url: redis.url, role: 'worker' });
  onEnd(() => client.disconnect());
  let nowMs = 1_700_000_000_000;
  const now = () => nowMs;
  const keys = createKeys(redis.prefix, 1);
  return {
    sessions: createSessions({ client, keys, secretOf: () => 'secret', keepMs: 60_000, now }),
    now,
    pass: (ms) => {
      nowMs += ms;
    },
  };
}
