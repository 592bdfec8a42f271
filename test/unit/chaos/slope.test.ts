import { expect, test } from 'vitest';
import { isFlat, type Sample, slopeOf } from '../../chaos/slope.ts';

const HOUR_MS = 3_600_000;
const STEPS = 60;

/** A sample each minute. */
const series = (valueAt: (minute: number) => number): Sample[] =>
  Array.from({ length: STEPS + 1 }, (_, minute) => [(minute * HOUR_MS) / STEPS, valueAt(minute)]);

/** Up and down by one. */
const noise = (minute: number) => (minute % 2 === 0 ? 1 : -1);

test('a straight line has its slope, and no error', () => {
  const { mean, perHour, error } = slopeOf(series((minute) => 100 + minute));

  expect(mean).toBeCloseTo(130);
  expect(perHour).toBeCloseTo(60);
  expect(error).toBeCloseTo(0);
});

test('noise has an error and no slope', () => {
  const { perHour, error } = slopeOf(series((minute) => 100 + noise(minute)));

  expect(Math.abs(perHour)).toBeLessThan(error);
  expect(error).toBeGreaterThan(0.1);
});

test('growth is flat within three errors, or below the share of the mean', () => {
  expect(
    isFlat(
      series((minute) => 100 + noise(minute)),
      0,
    ),
  ).toBe(true);
  expect(
    isFlat(
      series((minute) => 100 - minute),
      0,
    ),
  ).toBe(true);
  expect(
    isFlat(
      series((minute) => 100 + minute + noise(minute)),
      0.05,
    ),
  ).toBe(false);
  expect(
    isFlat(
      series((minute) => 100 + minute * 0.01),
      0.05,
    ),
  ).toBe(true);
});

test('two samples are too few', () => {
  expect(() =>
    slopeOf([
      [0, 1],
      [1, 2],
    ]),
  ).toThrow(/three samples, got 2/);
});
