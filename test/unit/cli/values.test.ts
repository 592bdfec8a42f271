import { InvalidArgumentError } from 'commander';
import { describe, expect, test } from 'vitest';
import { moment, span, wholeNumber, words } from '../../../src/cli/values.ts';

describe('a time on the command line', () => {
  test.for([
    ['2026-03-01', '2026-03-01T00:00:00.000Z'],
    ['2026-03-01T09:30Z', '2026-03-01T09:30:00.000Z'],
    ['2026-03-01T09:30:15.5Z', '2026-03-01T09:30:15.500Z'],
    ['2026-03-01T01:00:00+02:00', '2026-02-28T23:00:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
  ] as const)('may be %s', ([text, expected]) => {
    expect(moment(text).toISOString()).toBe(expected);
  });

  test.for([
    'yesterday',
    '2026-03-01T09:30',
    '2026-13-01',
    '2026-02-30',
    '2026-02-29T00:00Z',
    '1',
    '',
    '2026-03-01 09:30:00Z',
    '2026-03-01T25:00Z',
    '\u001b[2J',
    'https://u:SECRET@h',
  ])('may not be %j; the error does not quote it', (text) => {
    expect(() => moment(text)).toThrow(InvalidArgumentError);
    expect(() => moment(text)).toThrow(
      /^It must be a time such as 2026-03-01T09:30:00Z, or a date such as 2026-03-01\.$/,
    );
  });
});

describe('a whole number on the command line', () => {
  const limit = wholeNumber(1, 1000);

  test.for([
    ['1', 1],
    ['20', 20],
    ['1000', 1000],
    ['007', 7],
  ] as const)('may be %s', ([text, value]) => {
    expect(limit(text)).toBe(value);
  });

  test.for([
    'abc',
    '0',
    '-1',
    '1e3',
    '1001',
    '0x10',
    '1.0',
    '1.5',
    '',
    ' 5',
    '5 ',
    '+5',
    '\uff15',
    'NaN',
    'Infinity',
    '9'.repeat(400),
  ])('may not be %j', (text) => {
    expect(() => limit(text)).toThrow(/^It must be a whole number from 1 to 1000\.$/);
  });
});

describe('a duration on the command line', () => {
  const pause = span('1s', '30d');

  test.for([
    ['1s', 1000],
    ['90', 90_000],
    ['1.5h', 5_400_000],
    ['30d', 2_592_000_000],
  ] as const)('may be %s', ([text, value]) => {
    expect(pause(text)).toBe(value);
  });

  test.for(['0', '0s', '-1s', '31d', '1000000d', 'soon', '1e3s', '', '1w', '9'.repeat(400)])(
    'may not be %j',
    (text) => {
      expect(() => pause(text)).toThrow(/^It must be a duration such as 90s, 10m or 2h, from 1s to 30d\.$/);
    },
  );
});

describe('words on the command line', () => {
  test('are separated by commas', () => {
    expect(words('a, b,c')).toEqual(['a', 'b', 'c']);
    expect(() => words('a,,b')).toThrow(InvalidArgumentError);
    expect(() => words('')).toThrow(InvalidArgumentError);
  });
});
