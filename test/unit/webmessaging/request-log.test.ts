import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRequestLog, windowOf } from '../../../src/webmessaging/request-log.ts';

test.each([
  [2, 1000, { count: 2, windowMs: 1000 }],
  [2.9, 1000, { count: 2, windowMs: 1000 }],
  [1, 1000, { count: 1, windowMs: 1000 }],
  [0.5, 1000, { count: 1, windowMs: 2000 }],
  [60, 60_000, { count: 60, windowMs: 60_000 }],
])('a rate of %d in %d ms is a window', (rate, spanMs, limit) => {
  expect(windowOf(rate, spanMs)).toEqual(limit);
});

test('a connection never sends more than its limit in any window', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 10, max: 2000 }),
      fc.array(fc.integer({ min: 0, max: 700 }), { maxLength: 40 }),
      (count, windowMs, pauses) => {
        let nowMs = 0;
        const log = createRequestLog({ count, windowMs }, () => nowMs);
        const sent = pauses.map((pauseMs) => {
          nowMs += pauseMs;
          nowMs += log.waitMs();
          log.note();
          return nowMs;
        });
        for (const atMs of sent) {
          const inWindow = sent.filter((each) => each >= atMs && each < atMs + windowMs);
          expect(inWindow.length).toBeLessThanOrEqual(count);
        }
      },
    ),
    { seed: 3 },
  );
});

test('a connection that has sent little does not wait', () => {
  const log = createRequestLog({ count: 2, windowMs: 1000 }, () => 5);
  log.note();
  expect(log.waitMs()).toBe(0);
  log.note();
  expect(log.waitMs()).toBeGreaterThan(1000);
});
