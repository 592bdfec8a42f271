import { type Clock, systemClock } from '../core/clock.ts';
import type { RedisClient } from './connect.ts';
import { exactRedisTimeMs } from './redis-time.ts';

/**
 * The clock of Redis, which all processes share. The clock of a machine may be wrong; signatures,
 * expiry, schedules and checkpoints need the right time.
 */
export interface RedisClock extends Clock {
  /** How far the clock of this machine is ahead of Redis, ms; negative when it is behind. */
  skewMs(): number;
  /**
   * Compares the clocks again. Rejects when Redis does not answer; the clock then keeps its last
   * comparison.
   */
  measure(): Promise<void>;
}

/** One comparison of the clock of Redis with the monotonic clock. */
interface Anchor {
  readonly redisMs: number;
  readonly monotonicMs: number;
  readonly roundTripMs: number;
}

/** The sample with the shortest round trip counts: its error is at most half the round trip. */
const SAMPLES = 3;

/**
 * Creates a clock and compares it with Redis.
 * @param local the clock of this machine.
 */
export async function openRedisClock(
  client: Pick<RedisClient, 'time'>,
  local: Clock = systemClock,
): Promise<RedisClock> {
  let anchor = await closest(client);
  const now = () => Math.round(anchor.redisMs + performance.now() - anchor.monotonicMs);
  return {
    now,
    skewMs: () => local.now() - now(),
    async measure() {
      anchor = await closest(client);
    },
  };
}

async function closest(client: Pick<RedisClient, 'time'>): Promise<Anchor> {
  let best = await sample(client);
  for (let taken = 1; taken < SAMPLES; taken++) {
    const next = await sample(client);
    if (next.roundTripMs < best.roundTripMs) best = next;
  }
  return best;
}

async function sample(client: Pick<RedisClient, 'time'>): Promise<Anchor> {
  const startedMs = performance.now();
  const redisMs = await exactRedisTimeMs(client);
  const roundTripMs = performance.now() - startedMs;
  return { redisMs, monotonicMs: startedMs + roundTripMs / 2, roundTripMs };
}
