import { expect, test } from 'vitest';
import { exactRedisTimeMs, redisTimeMs } from '../../../src/redis/redis-time.ts';

const clientAt = (seconds: number, microseconds: number) => ({
  time: async (): Promise<[number, number]> => [seconds, microseconds],
});

test.for([
  [0, 1_700_000_000_000, 1_700_000_000_000],
  [999, 1_700_000_000_000, 1_700_000_000_000.999],
  [999_999, 1_700_000_000_999, 1_700_000_000_999.999],
] as const)(
  '%i microseconds of Redis are %d whole milliseconds, or %d',
  async ([microseconds, whole, exact]) => {
    const client = clientAt(1_700_000_000, microseconds);

    expect(await redisTimeMs(client as never)).toBe(whole);
    expect(await exactRedisTimeMs(client as never)).toBeCloseTo(exact, 3);
  },
);
