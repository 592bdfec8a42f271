import { describe, expect, test } from 'vitest';
import { parseMoment } from '../../../src/cli/moment.ts';

describe('a moment on the command line', () => {
  test.for([
    ['2026-03-01', '2026-03-01T00:00:00.000Z'],
    ['2026-03-01T09:30Z', '2026-03-01T09:30:00.000Z'],
    ['2026-03-01T09:30:15.5Z', '2026-03-01T09:30:15.500Z'],
    ['2026-03-01T01:00:00+02:00', '2026-02-28T23:00:00.000Z'],
  ] as const)('may be %s', ([text, moment]) => {
    expect(parseMoment('--from', text).toISOString()).toBe(moment);
  });

  test.for([
    'yesterday',
    '2026-03-01T09:30',
    '2026-13-01',
    '1',
    '',
    '2026-03-01 09:30:00Z',
    '2026-03-01T25:00Z',
  ])('may not be %j, which is told with what is wanted', (text) => {
    expect(() => parseMoment('--from', text)).toThrow(
      `--from: got "${text}", expected a time such as 2026-03-01T09:30:00Z, or a date such as 2026-03-01.`,
    );
  });

  test('is not quoted at length, nor raw', () => {
    expect(() => parseMoment('--to', '\u001b[2J')).toThrow('got "\\u001b[2J"');
    expect(() => parseMoment('--to', 'x'.repeat(1000))).toThrow(`got "${'x'.repeat(60)}…"`);
  });
});
