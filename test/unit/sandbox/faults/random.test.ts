import { expect, test } from 'vitest';
import { createRandom } from '../../../../src/sandbox/faults/random.ts';

function series(seed: number, length: number): number[] {
  const random = createRandom(seed);
  return Array.from({ length }, random);
}

test('the same seed gives the same series, and another seed another series', () => {
  expect(series(7, 50)).toEqual(series(7, 50));
  expect(series(7, 50)).not.toEqual(series(8, 50));
});

test('numbers lie between 0 and 1 and spread evenly', () => {
  const numbers = series(1, 20_000);
  expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...numbers)).toBeLessThan(1);
  for (const lower of [0, 0.2, 0.4, 0.6, 0.8]) {
    const share = numbers.filter((number) => number >= lower && number < lower + 0.2).length / 20_000;
    expect(share).toBeCloseTo(0.2, 1);
  }
});
