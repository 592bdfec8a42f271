import { expect, test } from 'vitest';
import { type Moment, seriesOf } from '../../chaos/soak-report.ts';

const EVERY_MS = 5000;
const MINUTE_MS = 60_000;

/** A soak in which the memory of Redis depends on the time, and nothing else changes. */
function soak(minutes: number, redisMemory: (atMs: number) => number): Moment[] {
  return Array.from({ length: (minutes * MINUTE_MS) / EVERY_MS }, (_, index) => {
    const atMs = index * EVERY_MS;
    const measures = { workerRss: 1, workerHandles: 1, eventLoopDelay: 1, redisMemory: redisMemory(atMs) };
    return { atMs, measures };
  });
}

const growing = (moments: readonly Moment[]) =>
  seriesOf(moments)
    .filter(({ isFlat }) => !isFlat)
    .map(({ name }) => name);

test('what Redis keeps for a minute may grow for two minutes, also in a short soak', () => {
  expect(growing(soak(3, (atMs) => Math.min(atMs, 2 * MINUTE_MS)))).toEqual([]);
});

test('a third of a long soak is left out', () => {
  expect(growing(soak(30, (atMs) => Math.min(atMs, 10 * MINUTE_MS)))).toEqual([]);
});

test('growth that goes on is found', () => {
  expect(growing(soak(3, (atMs) => atMs))).toEqual(['redisMemory']);
  expect(growing(soak(30, (atMs) => atMs))).toEqual(['redisMemory']);
});
