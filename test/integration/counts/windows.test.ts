import { describe, expect, test } from 'vitest';
import { contentUnder } from '../../support/redis-content.ts';
import { setCounts } from './stage.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

describe('the windows of a tenant', () => {
  test('have counts from both sides of a minute and of an hour', async () => {
    const { clock, worker, run, windows } = setCounts();
    const counting = worker();
    counting.count(run());
    await counting.flush();
    clock.advance(SECOND);
    counting.count(run({ outcome: 'failed' }));
    counting.count(run({ kind: 'card-delivery', requestMs: 160 }));
    await counting.flush();

    const { minute, hour, day } = await windows();

    const counts = { accepted: 0, delivered: 2, failed: 1, expired: 0, held: 0, retry: 0, throttled: 0 };
    expect([minute.counts, hour.counts, day.counts]).toEqual([counts, counts, counts]);
    expect(day.successRate).toBeCloseTo(66.67, 2);
    // The middles of the buckets of 80 and 160 ms.
    expect(day.latency).toEqual({ p50: 86.7, p95: 150, p99: 150 });
    expect([minute.from, hour.from, day.from, day.to]).toEqual([
      '2026-01-01T12:59:00.000Z',
      '2026-01-01T12:00:00.000Z',
      '2025-12-31T13:00:00.000Z',
      '2026-01-01T13:00:00.500Z',
    ]);
  });

  test('lose a count when their time is over, and no earlier', async () => {
    const { clock, worker, run, windows } = setCounts();
    const counting = worker();
    counting.count(run());
    await counting.flush();
    const delivered = async (afterMs: number) => {
      clock.advance(afterMs);
      const { minute, hour, day } = await windows();
      return [minute, hour, day].map(({ counts }) => counts.delivered);
    };

    expect(await delivered(MINUTE)).toEqual([1, 1, 1]);
    expect(await delivered(10 * SECOND)).toEqual([0, 1, 1]);
    expect(await delivered(HOUR - 70 * SECOND)).toEqual([0, 1, 1]);
    expect(await delivered(MINUTE)).toEqual([0, 0, 1]);
    expect(await delivered(23 * HOUR - MINUTE)).toEqual([0, 0, 1]);
    expect(await delivered(HOUR)).toEqual([0, 0, 0]);
  });

  test('are empty for a tenant without jobs, and never those of another tenant', async () => {
    const { worker, run, windows } = setCounts();
    const counting = worker();
    counting.count(run({ tenantId: 'acme.eu' }));
    await counting.flush();

    expect((await windows('acme')).day).toMatchObject({
      counts: { delivered: 0 },
      deliveryRate: null,
      successRate: null,
      latency: null,
      jobLatency: null,
    });
    expect((await windows('acme.eu')).day.counts.delivered).toBe(1);
  });

  test('are read where another program wrote a text in place of a number', async () => {
    const { clock, client, keys, windows } = setCounts();
    const hour = `h${Math.floor(clock.now() / HOUR)}`;
    await client.hset(keys.counts('acme', 'm', hour), { delivered: 'many', failed: '2' });

    expect((await windows()).day.counts).toMatchObject({ delivered: 0, failed: 2 });
  });
});

test('Redis keeps slices for minutes, minutes for hours, quarters for a day, and hours for eight days', async () => {
  const { redis, client, worker, run } = setCounts();
  const counting = worker();
  counting.count(run());
  await counting.flush();
  counting.count(run());
  await counting.flush();

  const kept: Record<string, number> = {};
  for await (const { key } of contentUnder(client, redis.prefix)) {
    const [, of = '', span = ''] = /:(counts:acme:m|totals:m|active|counted):([a-z]*)\d*/.exec(key) ?? [];
    kept[`${of} ${span}`] = Math.round((await client.pttl(key)) / MINUTE);
  }

  const [m, q, h] = [120, 25 * 60, 8 * 24 * 60];
  expect(kept).toEqual({
    'counts:acme:m s': 3,
    'counts:acme:m m': m,
    'counts:acme:m q': q,
    'counts:acme:m h': h,
    'totals:m m': m,
    'totals:m q': q,
    'totals:m h': h,
    'active q': 120,
    'counted w': 24 * 60,
  });
});
