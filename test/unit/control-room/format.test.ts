import { describe, expect, test } from 'vitest';
import {
  count,
  milliseconds,
  moment,
  NO_VALUE,
  percent,
  seconds,
  words,
} from '../../../src/control-room/data/format.ts';

describe('a value of the control room', () => {
  test.for([
    [count(1234567), '1,234,567'],
    [percent(100), '100 %'],
    [percent(99.96), '99.9 %'],
    [percent(0), '0.0 %'],
    [milliseconds(86.7), '87 ms'],
    [milliseconds(1234), '1.2 s'],
    [milliseconds(90_000), '1 min 30 s'],
    [seconds(59.4), '59 s'],
    [seconds(3600), '1 h'],
    [seconds(3660), '1 h 1 min'],
    [seconds(49 * 3600), '2 d 1 h'],
    [words('circuit-open'), 'circuit open'],
  ])('is written for people: %s', ([written, wanted]) => {
    expect(written).toBe(wanted);
  });

  test.for([count, percent, milliseconds, seconds])('that is not there is no zero', (format) => {
    expect([format(null), format(undefined)]).toEqual([NO_VALUE, NO_VALUE]);
  });
});

test('a time has its day, unless that is today', () => {
  const now = new Date(2026, 2, 1, 12);

  expect(moment(new Date(2026, 2, 1, 9, 5, 7).toISOString(), now)).toBe('09:05:07');
  expect(moment(new Date(2026, 1, 28, 23, 59, 59).toISOString(), now)).toBe('2026-02-28 23:59:59');
  expect(moment('yesterday', now)).toBe('yesterday');
});
