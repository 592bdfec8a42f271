import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  BOUNDS_MS,
  bucketOf,
  type Histogram,
  LONGEST_MS,
  MAX_ERROR,
  percentileOf,
} from '../../../src/counts/histogram.ts';

/** Short times, long ones, and those of a bound. */
const time = fc.oneof(
  fc.integer({ min: 0, max: 50 }),
  fc.double({ min: 0, max: LONGEST_MS, noNaN: true }),
  fc.constantFrom(...BOUNDS_MS).filter((ms) => ms <= LONGEST_MS),
);
const times = fc.array(time, { minLength: 1, maxLength: 300 });
const share = fc.constantFrom(0.5, 0.95, 0.99, 1);

function histogramOf(all: readonly number[]): Histogram {
  const histogram = new Map<number, number>();
  for (const ms of all) histogram.set(bucketOf(ms), (histogram.get(bucketOf(ms)) ?? 0) + 1);
  return histogram;
}

/** The nearest rank: the smallest time that this share of all times does not exceed. */
function exactOf(all: readonly number[], part: number): number {
  return all.toSorted((one, other) => one - other)[Math.ceil(part * all.length) - 1] ?? Number.NaN;
}

describe('a percentile of the histogram', () => {
  test('is within the stated error of the exact one', () => {
    fc.assert(
      fc.property(times, share, (all, part) => {
        const exact = exactOf(all, part);
        const error = Math.abs((percentileOf(histogramOf(all), part) ?? Number.NaN) - exact);
        expect(error).toBeLessThanOrEqual(Math.max(1, MAX_ERROR * exact));
      }),
      { numRuns: 1000 },
    );
  });

  test('of many times is no smaller than one of fewer', () => {
    fc.assert(
      fc.property(times, (all) => {
        const [p50 = 0, p95 = 0, p99 = 0] = [0.5, 0.95, 0.99].map((part) =>
          percentileOf(histogramOf(all), part),
        );
        expect(p50).toBeLessThanOrEqual(p95);
        expect(p95).toBeLessThanOrEqual(p99);
      }),
    );
  });

  test('is undefined without times', () => {
    expect(percentileOf(new Map(), 0.5)).toBeUndefined();
  });
});

describe('a bucket', () => {
  test('has its upper bound and not its lower one', () => {
    for (const [bucket, bound] of BOUNDS_MS.entries()) {
      expect(bucketOf(bound)).toBe(bucket);
      if (bucket > 0) expect(bucketOf((BOUNDS_MS[bucket - 1] ?? 0) * 1.0001)).toBe(bucket);
    }
  });

  test.for([
    ['a negative time', -5000, 0],
    ['no time at all', 0, 0],
    ['a time beyond the longest one', LONGEST_MS * 100, BOUNDS_MS.length - 1],
  ] as const)('takes %s', ([, ms, bucket]) => {
    expect(bucketOf(ms)).toBe(bucket);
  });
});
