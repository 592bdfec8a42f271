import { describe, expect, test } from 'vitest';
import { checked } from '../../../src/core/checked.ts';
import { quietHours, quietTimes } from '../../../src/tenants/quiet-hours.ts';

const NIGHT = { zone: 'Europe/Berlin', from: '21:00', to: '08:00' };

function next(hours: object, now: string, count = 1): string[][] {
  const times = quietTimes(quietHours.parse(hours), Date.parse(now))?.times ?? [];
  return times.slice(0, count).map((time) => time.map((at) => new Date(at).toISOString()));
}

describe('quiet hours', () => {
  test('over midnight, before them and in them', () => {
    const night = ['2026-01-15T20:00:00.000Z', '2026-01-16T07:00:00.000Z'];
    expect(next(NIGHT, '2026-01-15T12:00Z')).toEqual([night]);
    expect(next(NIGHT, '2026-01-15T20:00Z')).toEqual([night]);
    expect(next(NIGHT, '2026-01-16T06:59Z')).toEqual([night]);
    expect(next(NIGHT, '2026-01-16T07:00Z')[0]).not.toEqual(night);
  });

  test('within one day', () => {
    expect(next({ ...NIGHT, from: '12:00', to: '13:30' }, '2026-01-15T00:00Z', 2)).toEqual([
      ['2026-01-15T11:00:00.000Z', '2026-01-15T12:30:00.000Z'],
      ['2026-01-16T11:00:00.000Z', '2026-01-16T12:30:00.000Z'],
    ]);
  });

  test('in the night in which clocks go forward, and in that in which they go back', () => {
    expect(next(NIGHT, '2026-03-28T21:00Z')).toEqual([
      ['2026-03-28T20:00:00.000Z', '2026-03-29T06:00:00.000Z'],
    ]);
    expect(next(NIGHT, '2026-10-24T21:00Z')).toEqual([
      ['2026-10-24T19:00:00.000Z', '2026-10-25T07:00:00.000Z'],
    ]);
  });

  test('that end at a time which clocks skip or show twice', () => {
    const hours = { ...NIGHT, to: '02:30' };
    expect(next(hours, '2026-03-28T22:00Z')).toEqual([
      ['2026-03-28T20:00:00.000Z', '2026-03-29T01:00:00.000Z'],
    ]);
    expect(next(hours, '2026-10-24T22:00Z')).toEqual([
      ['2026-10-24T19:00:00.000Z', '2026-10-25T01:30:00.000Z'],
    ]);
  });

  test('that begin at a time which clocks show twice', () => {
    const hours = { ...NIGHT, from: '02:30' };
    expect(next(hours, '2026-10-25T00:00Z')).toEqual([
      ['2026-10-25T00:30:00.000Z', '2026-10-25T07:00:00.000Z'],
    ]);
  });

  test('that lie within the hour which clocks skip do not exist on that day', () => {
    const hours = { ...NIGHT, from: '02:10', to: '02:50' };
    expect(next(hours, '2026-03-29T00:00Z')).toEqual([
      ['2026-03-30T00:10:00.000Z', '2026-03-30T00:50:00.000Z'],
    ]);
  });

  test('on some days: these are the days on which they begin', () => {
    // 17 January 2026 is a Saturday.
    expect(next({ ...NIGHT, days: ['saturday'] }, '2026-01-15T12:00Z', 2)).toEqual([
      ['2026-01-17T20:00:00.000Z', '2026-01-18T07:00:00.000Z'],
    ]);
  });

  test('of whole days are one when they follow each other', () => {
    const weekend = { ...NIGHT, from: '00:00', to: '00:00', days: ['sunday', 'saturday'] };
    expect(next(weekend, '2026-01-15T12:00Z')).toEqual([
      ['2026-01-16T23:00:00.000Z', '2026-01-18T23:00:00.000Z'],
    ]);
  });

  test('are known for a week, in order and apart from each other', () => {
    const times = quietTimes(quietHours.parse(NIGHT), Date.parse('2026-03-25T12:00Z'))?.times.flat() ?? [];
    expect(times).toHaveLength(16);
    expect(times).toEqual([...new Set(times)].toSorted((one, other) => one - other));
  });

  test('have one text for one meaning', () => {
    const of = (hours: object) => quietTimes(quietHours.parse(hours), 0)?.of;
    expect(of({ ...NIGHT, days: ['sunday', 'monday'] })).toBe(of({ ...NIGHT, days: ['monday', 'sunday'] }));
    expect(of({ ...NIGHT, urgent: 'pass' })).not.toBe(of(NIGHT));
  });
});

test.each([
  [
    { zone: 'Europe/Nowhere' },
    'zone: expected a time zone, such as Europe/Berlin, got a text of 14 characters',
  ],
  [{ zone: '+01:00' }, 'zone: expected a time zone, such as Europe/Berlin, got a text of 6 characters'],
  [{ from: '24:00' }, 'from: expected a time of the day from 00:00 to 23:59, got a text of 5 characters'],
  [{ to: 8 }, 'to: expected a time of the day from 00:00 to 23:59, got a number'],
  [{ to: '21:00' }, 'to: expected another time than from, or fewer days: nothing would ever be sent'],
  [{ days: [] }, 'days: expected array to have >=1 items, got a list of 0'],
  [{ urgent: 'maybe' }, 'urgent: expected one of "wait"|"pass", got a text of 5 characters'],
])('a wrong field is named: %j', (change, wanted) => {
  const parsed = checked(quietHours, { ...NIGHT, ...change });
  const issues = parsed.ok ? [] : parsed.issues.map(({ path, message }) => `${path}: ${message}`);
  expect(issues).toEqual([wanted]);
});
