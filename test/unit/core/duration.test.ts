import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatDuration, parseDuration } from '../../../src/core/duration.ts';

describe('a duration is read', () => {
  test.for([
    ['500ms', 500],
    ['15s', 15_000],
    ['5m', 300_000],
    ['2h', 7_200_000],
    ['7d', 604_800_000],
    ['1.5h', 5_400_000],
    ['0.25s', 250],
    ['0s', 0],
    [' 3 s ', 3000],
  ] as const)('%s', ([text, ms]) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test('in seconds without a unit', () => {
    expect(parseDuration('90')).toBe(90_000);
  });

  test.for([
    '',
    ' ',
    's',
    'abc',
    '-5s',
    '+5s',
    '5S',
    '5 minutes',
    '5s5s',
    '1h30m',
    '.5s',
    '5.s',
    '1e3s',
    '1,5s',
  ])('and not from %j', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

describe('a duration is written', () => {
  test.for([
    [0, '0ms'],
    [999, '999ms'],
    [1000, '1s'],
    [1500, '1500ms'],
    [60_000, '1m'],
    [90_000, '90s'],
    [3_600_000, '1h'],
    [86_400_000, '1d'],
    [90_000_000, '25h'],
  ] as const)('%d ms as %s', ([ms, text]) => {
    expect(formatDuration(ms)).toBe(text);
  });

  test('and reads back as the same value', () => {
    const units = fc.constantFrom(1, 1000, 60_000, 3_600_000, 86_400_000);
    fc.assert(
      fc.property(fc.nat(10_000), units, (amount, unit) => {
        expect(parseDuration(formatDuration(amount * unit))).toBe(amount * unit);
      }),
    );
  });
});
