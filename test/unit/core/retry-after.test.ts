import fc from 'fast-check';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { parseRetryAfter } from '../../../src/core/retry-after.ts';

const NOW_MS = Date.UTC(2026, 0, 1);
const HOUR_MS = 3_600_000;

describe('a number of seconds', () => {
  test.for([
    ['0', 0],
    ['1', 1000],
    ['120', 120_000],
    [' 7 ', 7000],
    ['0.0001', 1],
    ['1.5', 1500],
  ] as const)('"%s" is read as %d ms', ([header, waitMs]) => {
    expect(parseRetryAfter(header, NOW_MS)).toBe(waitMs);
  });

  test('does not depend on the clock', () => {
    fc.assert(
      fc.property(fc.nat(3600), fc.nat(), (seconds, nowMs) => {
        expect(parseRetryAfter(String(seconds), nowMs)).toBe(seconds * 1000);
      }),
    );
  });
});

describe('a date', () => {
  /** One moment, ten seconds from now, in the three forms of RFC 9110 §5.6.7. */
  const FORMS = [
    'Thu, 01 Jan 2026 00:00:10 GMT',
    'Thursday, 01-Jan-26 00:00:10 GMT',
    'Thu Jan  1 00:00:10 2026',
  ] as const;

  test.for(FORMS)('is relative to the clock: %s', (header) => {
    expect(parseRetryAfter(header, NOW_MS)).toBe(10_000);
    expect(parseRetryAfter(header, NOW_MS + 9_999)).toBe(1);
    expect(parseRetryAfter(header, NOW_MS + 10_000)).toBe(0);
  });

  test.for(FORMS)('in the past gives no wait: %s', (header) => {
    expect(parseRetryAfter(header, NOW_MS + 10_001)).toBeUndefined();
  });

  test.for(FORMS)('is read as GMT in any time zone of the machine: %s', (header) => {
    vi.stubEnv('TZ', 'America/New_York');
    onTestFinished(() => void vi.unstubAllEnvs());

    expect(new Date(NOW_MS).getTimezoneOffset()).toBe(300);
    expect(parseRetryAfter(header, NOW_MS)).toBe(10_000);
  });

  test('keeps its seconds when it is written and read', () => {
    fc.assert(
      fc.property(fc.nat(3600), (seconds) => {
        const header = new Date(NOW_MS + seconds * 1000).toUTCString();
        expect(parseRetryAfter(header, NOW_MS)).toBe(seconds * 1000);
      }),
    );
  });
});

describe('another value', () => {
  test('gives no wait, nor does a missing header', () => {
    expect(parseRetryAfter(null, NOW_MS)).toBeUndefined();
    expect(parseRetryAfter(undefined, NOW_MS)).toBeUndefined();
  });

  test.for([
    '',
    '   ',
    '-5',
    '+5',
    '1e3',
    '0x10',
    '5s',
    '5, 10',
    'soon',
    'Mon',
    'NaN',
    'Infinity',
    '2030-01-01T00:00:00Z',
    '99 Jan 2030',
    'Thu, 99 Jan 2026 00:00:10 GMT',
  ])('gives no wait: %j', (header) => {
    expect(parseRetryAfter(header, NOW_MS)).toBeUndefined();
  });

  test.for(['Monkey 2030', 'Sunny, maybe 2099', 'Mon 7'])(
    'gives no wait, although it begins like a day: %s',
    (header) => {
      expect(parseRetryAfter(header, NOW_MS)).toBeUndefined();
    },
  );
});

describe('the longest accepted wait', () => {
  test('is an hour by default', () => {
    expect(parseRetryAfter('3600', NOW_MS)).toBe(HOUR_MS);
    expect(parseRetryAfter('3601', NOW_MS)).toBe(HOUR_MS);
    expect(parseRetryAfter('99999999999999999999', NOW_MS)).toBe(HOUR_MS);
    expect(parseRetryAfter('Fri, 01 Jan 2027 00:00:00 GMT', NOW_MS)).toBe(HOUR_MS);
    expect(parseRetryAfter('11', NOW_MS, 10_000)).toBe(10_000);
  });

  test('bounds every header: the result is whole milliseconds, or no wait', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.double().map(String)), fc.nat(HOUR_MS), (header, maxMs) => {
        const waitMs = parseRetryAfter(header, NOW_MS, maxMs) ?? 0;
        expect(Number.isInteger(waitMs)).toBe(true);
        expect(waitMs).toBeGreaterThanOrEqual(0);
        expect(waitMs).toBeLessThanOrEqual(maxMs);
      }),
    );
  });
});
