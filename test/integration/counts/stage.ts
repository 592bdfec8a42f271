import { type Counting, startCounting } from '../../../src/counts/counting.ts';
import { createSeriesReader } from '../../../src/counts/series.ts';
import { createWindowReader } from '../../../src/counts/windows.ts';
import type { CountedRun } from '../../../src/observe/count-runs.ts';
import { createRedis, type RedisClient } from '../../../src/redis/connect.ts';
import { createKeys } from '../../../src/redis/keys.ts';
import { createManualClock } from '../../support/clock.ts';
import { onEnd } from '../../support/lifetime.ts';
import { type TestRedis, testRedis } from '../../support/redis.ts';

/** Half a second before an hour begins. */
export const BEFORE_THE_HOUR = Date.UTC(2026, 0, 1, 12, 59, 59, 500);

/** Counts of workers in a Redis, with a clock that the test moves. Only the test flushes them. */
export function setCounts(redis: TestRedis = testRedis()) {
  const clock = createManualClock(BEFORE_THE_HOUR);
  const keys = createKeys(redis.prefix, 2);
  const warnings: object[] = [];
  const connect = (role: 'worker' | 'caller', url = redis.url): RedisClient => {
    const client = createRedis({ url, role });
    onEnd(() => client.disconnect());
    return client;
  };
  const reader = connect('caller');

  const worker = (name = 'w1', url = redis.url): Counting => {
    const logger = { warn: (about: object) => void warnings.push(about) };
    const client = connect('worker', url);
    const counting = startCounting({ client, keys, name, clock, logger, everyMs: 86_400_000 });
    onEnd(async () => {
      client.disconnect();
      await counting.stop();
    });
    return counting;
  };
  const run = (fields: Partial<CountedRun> = {}): CountedRun => ({
    kind: 'message-transmission',
    tenantId: 'acme',
    outcome: 'delivered',
    latencyMs: 300,
    requestMs: 80,
    atMs: clock.now(),
    ...fields,
  });
  const source = { client: reader, keys, now: clock.now };
  const counted = (tenantId = 'acme') => createWindowReader(source).of(tenantId);
  const windows = async (tenantId = 'acme') => (await counted(tenantId)).all;
  const series = createSeriesReader(source);
  return { redis, clock, keys, client: reader, warnings, worker, run, counted, windows, series };
}
