import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DAY_MS, isZone, momentsOf, offsetMs } from '../../../src/core/wall-clock.ts';

const HOUR_MS = 3_600_000;
const BERLIN = 'Europe/Berlin';

const momentsIn = (zone: string, wall: string) => {
  const { first, last } = momentsOf(zone, Date.parse(`${wall}Z`));
  return [first, last].map((at) => new Date(at).toISOString());
};

describe('the moments at which clocks show a time', () => {
  test.each([
    ['on a usual day', BERLIN, '2026-01-15T21:00', ['2026-01-15T20:00:00.000Z', '2026-01-15T20:00:00.000Z']],
    ['in summer', BERLIN, '2026-07-15T21:00', ['2026-07-15T19:00:00.000Z', '2026-07-15T19:00:00.000Z']],
    [
      'twice, where clocks go back',
      BERLIN,
      '2026-10-25T02:30',
      ['2026-10-25T00:30:00.000Z', '2026-10-25T01:30:00.000Z'],
    ],
    [
      'never, where clocks go forward',
      BERLIN,
      '2026-03-29T02:30',
      ['2026-03-29T01:00:00.000Z', '2026-03-29T01:00:00.000Z'],
    ],
    [
      'at the end of the change',
      BERLIN,
      '2026-03-29T03:00',
      ['2026-03-29T01:00:00.000Z', '2026-03-29T01:00:00.000Z'],
    ],
    [
      'the day of the change, before it',
      BERLIN,
      '2026-03-29T01:59',
      ['2026-03-29T00:59:00.000Z', '2026-03-29T00:59:00.000Z'],
    ],
    [
      'in a zone with half an hour',
      'Australia/Lord_Howe',
      '2026-04-05T01:45',
      ['2026-04-04T14:45:00.000Z', '2026-04-04T15:15:00.000Z'],
    ],
    [
      'in a zone behind UTC',
      'America/New_York',
      '2026-11-01T01:30',
      ['2026-11-01T05:30:00.000Z', '2026-11-01T06:30:00.000Z'],
    ],
  ])('%s', (_when, zone, wall, wanted) => {
    expect(momentsIn(zone, wall)).toEqual(wanted);
  });

  test('are what the clocks show, or the moment of a change over it', () => {
    const zones = fc.constantFrom(BERLIN, 'America/Sao_Paulo', 'Asia/Kolkata', 'Australia/Lord_Howe', 'UTC');
    const minutes = fc.integer({ min: 0, max: 5 * 366 * 24 * 60 });
    fc.assert(
      fc.property(zones, minutes, (zone, minute) => {
        const wallMs = Date.UTC(2024, 0) + minute * 60_000;
        const { first, last } = momentsOf(zone, wallMs);
        const shown = [first, last].map((at) => at + offsetMs(zone, at));
        const isJump = first === last && offsetMs(zone, first - 1) !== offsetMs(zone, first);
        expect(isJump || shown.every((wall) => wall === wallMs)).toBe(true);
        expect(first).toBeLessThanOrEqual(last);
        expect(last - first).toBeLessThanOrEqual(HOUR_MS);
      }),
      { numRuns: 300 },
    );
  });
});

test('an offset is the difference between the clocks and UTC', () => {
  expect(offsetMs(BERLIN, Date.parse('2026-01-01T00:00:00.999Z'))).toBe(HOUR_MS);
  expect(offsetMs('America/New_York', Date.parse('2026-07-01T03:00Z'))).toBe(-4 * HOUR_MS);
  expect(offsetMs('UTC', 5 * DAY_MS)).toBe(0);
});

test.each([
  ['Europe/Berlin', true],
  ['UTC', true],
  ['Europe/Nowhere', false],
  ['+01:00', false],
  ['', false],
])('a zone has a name: %s', (zone, isKnown) => {
  expect(isZone(zone)).toBe(isKnown);
});
