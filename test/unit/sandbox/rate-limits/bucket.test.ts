import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createBucket } from '../../../../src/sandbox/rate-limits/bucket.ts';

const limit = { capacity: 3, ratePerSecond: 2 };

function takeAll(bucket: ReturnType<typeof createBucket>, nowMs: number): number {
  let count = 0;
  while (bucket.take(nowMs).isGranted) count += 1;
  return count;
}

describe('a bucket', () => {
  test('grants its capacity at once, counts the rest down, and then refuses', () => {
    const bucket = createBucket(limit, 0);
    expect([bucket.take(0), bucket.take(0), bucket.take(0)].map(({ remaining }) => remaining)).toEqual([
      2, 1, 0,
    ]);
    expect(bucket.take(0)).toEqual({ isGranted: false, remaining: 0, retryAfterSeconds: 1 });
  });

  test('refills at its rate, up to its capacity', () => {
    const bucket = createBucket(limit, 0);
    takeAll(bucket, 0);
    expect(bucket.take(499).isGranted).toBe(false);
    expect(bucket.take(500).isGranted).toBe(true);
    expect(takeAll(bucket, 3_600_000)).toBe(3);
  });

  test('takes no token for a refused request', () => {
    const bucket = createBucket(limit, 0);
    takeAll(bucket, 0);
    for (let nowMs = 0; nowMs < 500; nowMs += 10) bucket.take(nowMs);
    expect(bucket.take(500).isGranted).toBe(true);
  });

  test('has no delay from rounding errors after any number of requests', () => {
    const bucket = createBucket({ capacity: 1, ratePerSecond: 10 }, 0);
    bucket.take(0);
    for (let nowMs = 10; nowMs < 100; nowMs += 10) expect(bucket.take(nowMs).isGranted).toBe(false);
    expect(bucket.take(100).isGranted).toBe(true);
  });

  test('answers the wait in whole seconds, rounded up', () => {
    const bucket = createBucket({ capacity: 1, ratePerSecond: 0.4 }, 0);
    bucket.take(0);
    expect(bucket.take(0).retryAfterSeconds).toBe(3);
    expect(bucket.take(1_000).retryAfterSeconds).toBe(2);
  });

  test('neither loses tokens nor gets them twice when the clock goes back', () => {
    const bucket = createBucket(limit, 10_000);
    expect(bucket.take(0).remaining).toBe(2);
    takeAll(bucket, 10_000);
    bucket.take(9_000);
    expect(takeAll(bucket, 10_000)).toBe(0);
    expect(takeAll(bucket, 10_500)).toBe(1);
  });

  test('loses the share of the foreign load from its start to its end', () => {
    const bucket = createBucket({ capacity: 100, ratePerSecond: 10 }, 0);
    takeAll(bucket, 0);
    bucket.setForeignPerSecond(7, 1_000);
    expect(takeAll(bucket, 2_000)).toBe(13);
    bucket.setForeignPerSecond(0, 3_000);
    expect(takeAll(bucket, 4_000)).toBe(13);
  });

  test('becomes empty under a foreign load above the rate, and its level stays at 0', () => {
    const bucket = createBucket({ capacity: 10, ratePerSecond: 10 }, 0);
    bucket.setForeignPerSecond(15, 0);
    expect(bucket.take(1_000).remaining).toBe(4);
    expect(bucket.take(60_000).isGranted).toBe(false);
    bucket.setForeignPerSecond(0, 60_000);
    expect(takeAll(bucket, 60_100)).toBe(1);
  });

  const limits = fc.record({
    capacity: fc.integer({ min: 1, max: 50 }),
    ratePerSecond: fc.oneof(fc.integer({ min: 1, max: 200 }), fc.double({ min: 0.05, max: 5, noNaN: true })),
  });
  const gapsMs = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 30 }), fc.nat(3_000)), {
    maxLength: 150,
  });

  test('never grants more than capacity + rate × time in any window', () => {
    fc.assert(
      fc.property(limits, gapsMs, (anyLimit, gaps) => {
        const grantedAtMs = grantTimes(anyLimit, gaps);
        for (const [first, fromMs] of grantedAtMs.entries()) {
          for (const [last, toMs] of grantedAtMs.entries()) {
            if (last < first) continue;
            const allowed = anyLimit.capacity + (anyLimit.ratePerSecond * (toMs - fromMs)) / 1000;
            expect(last - first + 1).toBeLessThanOrEqual(allowed + 1e-6);
          }
        }
      }),
    );
  });

  test('grants a request after the wait that it answered', () => {
    fc.assert(
      fc.property(limits, gapsMs, (anyLimit, gaps) => {
        const bucket = createBucket(anyLimit, 0);
        let nowMs = 0;
        for (const gapMs of gaps) {
          nowMs += gapMs;
          const grant = bucket.take(nowMs);
          if (grant.isGranted) continue;
          expect(grant.retryAfterSeconds).toBeGreaterThanOrEqual(1);
          nowMs += grant.retryAfterSeconds * 1000;
          expect(bucket.take(nowMs).isGranted).toBe(true);
        }
      }),
    );
  });
});

function grantTimes(limit: { capacity: number; ratePerSecond: number }, gapsMs: number[]): number[] {
  const bucket = createBucket(limit, 0);
  const grantedAtMs: number[] = [];
  let nowMs = 0;
  for (const gapMs of gapsMs) {
    nowMs += gapMs;
    if (bucket.take(nowMs).isGranted) grantedAtMs.push(nowMs);
  }
  return grantedAtMs;
}
