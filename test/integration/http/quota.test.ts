import { describe, expect, test, vi } from 'vitest';
import { createQuota, type Quota } from '../../../src/http/quota.ts';
import { createRedis } from '../../../src/redis/connect.ts';
import { createKeys } from '../../../src/redis/keys.ts';
import { onEnd } from '../../support/lifetime.ts';
import { testRedis } from '../../support/redis.ts';

describe('requests of one key that come together', () => {
  test('take the quota one by one, and cost one command', async () => {
    const { client, quota } = openQuota({ apiRatePerSecond: 1, apiBurst: 1000 });
    await quota.take('k_2');
    const sent = vi.spyOn(client, 'sendCommand');

    const answers = await takeAll(quota, 20);

    expect(sent.mock.calls.map(([{ name }]) => name)).toEqual(['evalsha']);
    expect(answers.map(({ headers }) => leftIn(headers))).toEqual(
      Array.from({ length: 20 }, (_, index) => 999 - index),
    );
  });

  test('may go on as far as the quota reaches', async () => {
    const { quota } = openQuota({ apiRatePerSecond: 1, apiBurst: 1000 });

    const answers = await takeAll(quota, 2000);

    const within = answers.filter(({ isWithin }) => isWithin).length;
    expect(within).toBeGreaterThanOrEqual(1000);
    expect(answers.slice(within).every(({ isWithin }) => !isWithin)).toBe(true);
    for (const { headers, retryAfterSeconds } of answers.slice(within)) {
      expect([leftIn(headers), retryAfterSeconds]).toEqual([0, 1]);
    }
  });

  test('fail together when Redis is away, and the next one is counted again', async () => {
    const { client, quota } = openQuota({ apiRatePerSecond: 1, apiBurst: 1000 });
    client.disconnect();

    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => quota.take('k_1')));
    await client.connect();

    expect(outcomes.map(({ status }) => status)).toEqual(Array(5).fill('rejected'));
    expect(await quota.take('k_1')).toMatchObject({ isWithin: true });
  });
});

function openQuota(config: Parameters<typeof createQuota>[0]['config']) {
  const { url, prefix } = testRedis();
  const client = createRedis({ url, role: 'caller' });
  onEnd(() => client.disconnect());
  return { client, quota: createQuota({ client, keys: createKeys(prefix, 1), config }) };
}

async function takeAll(quota: Quota, count: number) {
  return await Promise.all(Array.from({ length: count }, () => quota.take('k_1')));
}

function leftIn(headers: Readonly<Record<string, string>>): number {
  return Number(/;r=(\d+);/.exec(headers['ratelimit'] ?? '')?.[1]);
}
