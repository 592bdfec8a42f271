import fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstInterval, type Interval, nextInterval } from '../../../../workers/platform/audit/intervals.ts';

const START_MS = Date.parse('2026-01-01T00:00:00.000Z');
const DAY_MS = 24 * 3_600_000;
const iso = (ms: number) => new Date(ms).toISOString();

function intervalsOf(window: Interval, maxDays: number): Interval[] {
  const all: Interval[] = [];
  let next: Interval | undefined = firstInterval(window, maxDays);
  while (next) {
    all.push(next);
    next = nextInterval(window, next, maxDays);
  }
  return all;
}

test('40 days are 30 and 10', () => {
  const window = { from: iso(START_MS), to: iso(START_MS + 40 * DAY_MS) };
  const middle = iso(START_MS + 30 * DAY_MS);
  expect(intervalsOf(window, 30)).toEqual([
    { from: window.from, to: middle },
    { from: middle, to: window.to },
  ]);
  expect(intervalsOf(window, 40)).toEqual([window]);
});

test('intervals cover a window without gaps, and none is too long', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 400 * DAY_MS }),
      fc.integer({ min: 7, max: 60 }),
      (spanMs, days) => {
        const window = { from: iso(START_MS), to: iso(START_MS + spanMs) };
        const all = intervalsOf(window, days);
        expect(all.at(0)?.from).toBe(window.from);
        expect(all.at(-1)?.to).toBe(window.to);
        for (const [index, { from, to }] of all.entries()) {
          expect(Date.parse(to) - Date.parse(from)).toBeLessThanOrEqual(days * DAY_MS);
          expect(Date.parse(to)).toBeGreaterThan(Date.parse(from));
          if (index > 0) expect(from).toBe(all[index - 1]?.to);
        }
      },
    ),
  );
});
