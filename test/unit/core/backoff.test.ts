import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exponential, fullJitter, scheduledWait } from '../../../src/core/backoff.ts';

const policy = { baseMs: 1000, maxMs: 300_000 };

const policies = fc.record({ baseMs: fc.nat(3_600_000), maxMs: fc.nat(86_400_000) });
const attempts = fc.oneof(fc.integer({ min: 1, max: 100 }), fc.constant(Number.MAX_SAFE_INTEGER));
const randoms = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('exponential', () => {
  test('starts at the base, doubles with each attempt and stops at the ceiling', () => {
    expect([1, 2, 3, 4, 9, 10, 100].map((attempt) => exponential(policy, attempt))).toEqual([
      1000, 2000, 4000, 8000, 256_000, 300_000, 300_000,
    ]);
  });

  test('never shrinks with the attempts and never leaves its ceiling', () => {
    fc.assert(
      fc.property(policies, attempts, (anyPolicy, attempt) => {
        const waitMs = exponential(anyPolicy, attempt);
        expect(waitMs).toBeLessThanOrEqual(anyPolicy.maxMs);
        expect(exponential(anyPolicy, attempt + 1)).toBeGreaterThanOrEqual(waitMs);
      }),
    );
  });
});

describe('full jitter', () => {
  test('is between zero and the exponential wait, in whole milliseconds', () => {
    fc.assert(
      fc.property(policies, attempts, randoms, (anyPolicy, attempt, random) => {
        const waitMs = fullJitter(anyPolicy, attempt, () => random);
        expect(Number.isInteger(waitMs)).toBe(true);
        expect(waitMs).toBeGreaterThanOrEqual(0);
        expect(waitMs).toBeLessThanOrEqual(exponential(anyPolicy, attempt));
      }),
    );
  });

  test('spreads evenly over the whole interval', () => {
    const waits = [0, 0.25, 0.5, 0.75, 0.999_999].map((random) => fullJitter(policy, 3, () => random));
    expect(waits).toEqual([0, 1000, 2000, 3000, 4000]);
  });

  test('uses Math.random by default', () => {
    const waits = new Set(Array.from({ length: 50 }, () => fullJitter(policy, 9)));
    expect(waits.size).toBeGreaterThan(10);
  });
});

describe('the wait of a schedule', () => {
  const waits = [5000, 300_000, 86_400_000];

  test('is that of the attempt, and the last one for later attempts', () => {
    expect([1, 2, 3, 4, 100].map((attempt) => scheduledWait(waits, attempt, () => 0.5))).toEqual([
      5000, 300_000, 86_400_000, 86_400_000, 86_400_000,
    ]);
  });

  test('is between 20 % shorter and 20 % longer, spread evenly', () => {
    const randomness = [0, 0.25, 0.5, 0.75, 0.999_999_9];
    expect(randomness.map((random) => scheduledWait(waits, 1, () => random))).toEqual([
      4000, 4500, 5000, 5500, 6000,
    ]);
  });

  test('is random by default, and zero without a schedule', () => {
    expect(new Set(Array.from({ length: 50 }, () => scheduledWait(waits, 2))).size).toBeGreaterThan(10);
    expect(scheduledWait([], 1)).toBe(0);
  });
});
