import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { availabilityIssues, DAYS, TIME } from '../../../../src/content/configuration/availability.ts';
import { describeIssue } from '../../../../src/core/issues.ts';

function issuesOf(rules: unknown): string[] {
  return availabilityIssues(rules, 'rules').map(describeIssue);
}

function rule(startTime: string, endTime: string, fields: Readonly<Record<string, unknown>> = {}) {
  return { dayOfWeek: 'MONDAY', startTime, endTime, ...fields };
}

describe('rules of availability', () => {
  test('may be one rule or none', () => {
    expect(issuesOf([rule('09:00', '17:00')])).toEqual([]);
    expect(issuesOf([])).toEqual([]);
  });

  test('may touch on one day, and overlap on different days', () => {
    expect(issuesOf([rule('13:00', '17:00'), rule('09:00', '13:00'), rule('17:00', '23:59')])).toEqual([]);
    expect(issuesOf(DAYS.map((dayOfWeek) => rule('09:00', '17:00', { dayOfWeek })))).toEqual([]);
  });

  test.for([
    ['09:00', '09:00'],
    ['17:00', '09:00'],
    ['22:00', '00:00'],
  ] as const)('begin before they end, unlike %s to %s', ([start, end]) => {
    expect(issuesOf([rule('06:00', '07:00'), rule(start, end)])).toEqual([
      `rules[1].endTime: expected a time after the start; the next day is another rule`,
    ]);
  });

  test('may not overlap on a day: the error names both rules', () => {
    expect(issuesOf([rule('12:00', '14:00'), rule('09:00', '12:01')])).toEqual([
      'rules[0].startTime: expected rules of MONDAY that do not overlap, got one that begins before the end of rules[1]',
    ]);
  });

  test('may not lie within a longer rule, also with another rule between them', () => {
    expect(issuesOf([rule('08:00', '18:00'), rule('09:00', '10:00'), rule('12:00', '13:00')])).toEqual([
      expect.stringMatching(/^rules\[1\]\.startTime: .* rules\[0\]$/),
      expect.stringMatching(/^rules\[2\]\.startTime: .* rules\[0\]$/),
    ]);
  });

  test('overlap exactly if two of them share a minute', () => {
    const minute = fc.integer({ min: 0, max: 1439 });
    const time = (at: number) =>
      `${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`;
    const span = fc.tuple(minute, minute).filter(([start, end]) => start < end);
    fc.assert(
      fc.property(fc.array(span, { minLength: 1, maxLength: 6 }), (spans) => {
        const minutes = spans.flatMap(([start, end]) =>
          Array.from({ length: end - start }, (_, n) => start + n),
        );
        const rules = spans.map(([start, end]) => rule(time(start), time(end)));
        expect(issuesOf(rules).length > 0).toBe(new Set(minutes).size < minutes.length);
      }),
    );
  });

  test('have times of 24 hours', () => {
    for (const time of ['00:00', '09:05', '19:59', '23:59']) expect(time).toMatch(TIME);
    for (const time of ['24:00', '9:00', '09:60', '0900', '09:00:00', ' 09:00', '09:00\n', '٠٩:٠٠']) {
      expect(time).not.toMatch(TIME);
    }
  });
});

describe('the time zone', () => {
  const zoned = (...zones: (string | undefined)[]) =>
    zones.map((timeZone, index) => rule('09:00', '17:00', { dayOfWeek: DAYS[index], timeZone }));

  test('is a zone that Intl knows, in any spelling', () => {
    for (const zone of ['Europe/Berlin', 'America/Argentina/Buenos_Aires', 'UTC', 'Etc/GMT+5']) {
      expect(issuesOf(zoned(zone))).toEqual([]);
    }
    expect(issuesOf(zoned('Europe/Berlin', 'europe/berlin'))).toEqual([]);
  });

  test.for(['Europe/Atlantis', '+02:00', '', ' Europe/Berlin', 'Europe/Berlin\u0000', 'x'.repeat(2 ** 20)])(
    'may not be %s',
    (zone) => {
      expect(issuesOf(zoned(zone))).toEqual([
        'rules[0].timeZone: expected the IANA name of a time zone, such as Europe/Berlin, got another',
      ]);
    },
  );

  test('is the same in all rules, or absent from all', () => {
    expect(issuesOf(zoned('Europe/Berlin', 'Asia/Tokyo', 'Europe/Berlin', undefined))).toEqual([
      'rules[1].timeZone: expected one time zone in all rules, or no time zone in any rule, got another than that of rules[0]',
      'rules[3].timeZone: expected one time zone in all rules, or no time zone in any rule, got another than that of rules[0]',
    ]);
    expect(issuesOf(zoned(undefined, 'Europe/Berlin'))).toHaveLength(1);
  });
});

describe('all issues', () => {
  test('are reported at once', () => {
    const rules = [
      rule('17:00', '09:00'),
      rule('09:00', '12:00'),
      rule('11:00', '13:00', { timeZone: 'Mars/Olympus' }),
    ];
    expect(issuesOf(rules).map((issue) => issue.split(':')[0])).toEqual([
      'rules[0].endTime',
      'rules[2].startTime',
      'rules[2].timeZone',
    ]);
  });

  test('of the shape are left to the contract', () => {
    const odd = [null, 7, [], {}, rule('9', '10'), rule('09:00', '10:00', { dayOfWeek: 'monday' })];
    for (const rules of [odd, null, 'all day', { length: 3 }]) expect(issuesOf(rules)).toEqual([]);
    expect(issuesOf(Array.from({ length: 101 }, () => rule('17:00', '09:00')))).toEqual([]);
  });
});
