import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { percentile, renderSummary } from '../../../../src/cli/demo/summary.ts';

const latencies = fc
  .array(fc.nat(60_000), { minLength: 1, maxLength: 300 })
  .map((values) => values.toSorted((a, b) => a - b));
const percents = fc.integer({ min: 1, max: 100 });

describe('a percentile', () => {
  test('is the value at the nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
    expect([0.5, 0.95, 0.99, 1].map((rank) => percentile(hundred, rank))).toEqual([50, 95, 99, 100]);
    expect([0.5, 0.95, 0.99].map((rank) => percentile([15, 20, 35, 40, 50], rank))).toEqual([35, 50, 50]);
  });

  test('of one value is that value, and of an empty list is 0', () => {
    for (const rank of [0, 0.5, 0.99, 1]) {
      expect(percentile([7], rank)).toBe(7);
      expect(percentile([], rank)).toBe(0);
    }
  });

  test('is the smallest value that has this share at or below it', () => {
    fc.assert(
      fc.property(latencies, fc.constantFrom(50, 95, 99), (ascending, percent) => {
        const value = percentile(ascending, percent / 100);
        const within = (limit: number) => ascending.filter((latency) => latency <= limit).length * 100;
        expect(ascending).toContain(value);
        expect(within(value)).toBeGreaterThanOrEqual(percent * ascending.length);
        const below = ascending.filter((latency) => latency < value).at(-1);
        if (below !== undefined) expect(within(below)).toBeLessThan(percent * ascending.length);
      }),
    );
  });

  test('grows with its rank', () => {
    fc.assert(
      fc.property(latencies, percents, percents, (ascending, one, other) => {
        const [low, high] = [Math.min(one, other), Math.max(one, other)];
        expect(percentile(ascending, low / 100)).toBeLessThanOrEqual(percentile(ascending, high / 100));
      }),
    );
  });
});

test('the table has a line for each queue, with its counts and its latencies in seconds', () => {
  const table = renderSummary(
    new Map([
      [
        'message-transmission',
        { enqueued: 3080, delivered: 3079, failed: 1, rateLimited: 2, latenciesMs: [100, 1500, 20_000] },
      ],
      ['webhook-delivery', { enqueued: 0, delivered: 0, failed: 0, rateLimited: 0, latenciesMs: [] }],
    ]),
  );
  const cells = table.split('\n').map((row) =>
    row
      .split('│')
      .map((cell) => cell.trim())
      .filter(Boolean),
  );
  expect(cells).toContainEqual([
    'queue',
    'enqueued',
    'delivered',
    'failed',
    'rate-limited',
    'p50',
    'p95',
    'p99',
  ]);
  expect(cells).toContainEqual([
    'message-transmission',
    '3080',
    '3079',
    '1',
    '2',
    '1.50 s',
    '20.00 s',
    '20.00 s',
  ]);
  expect(cells).toContainEqual(['webhook-delivery', '0', '0', '0', '0', '0.00 s', '0.00 s', '0.00 s']);
});
