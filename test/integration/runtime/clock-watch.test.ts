import { expect, test } from 'vitest';
import type { Logger } from '../../../src/observe/logger.ts';
import { openRedisClock } from '../../../src/redis/redis-clock.ts';
import { readClockSkews, startClockWatch, TOLERANCE_MS } from '../../../src/runtime/clock-watch.ts';
import { openSystem } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';

/** A machine with a clock that the test sets, and the log of its worker. */
async function openMachine() {
  const { client, keys } = await openSystem();
  let aheadMs = 0;
  const local = { now: () => Date.now() + aheadMs };
  const clock = await openRedisClock(client, local);
  const lines: string[] = [];
  const note = (level: string) => (_fields: object, message: string) => lines.push(`${level}: ${message}`);
  const logger = { warn: note('warn'), info: note('info') } as unknown as Logger;
  const watch = startClockWatch({ clock, client, keys, logger, name: 'worker-1', everyMs: 20 });
  return {
    clock,
    watch,
    lines,
    set: (ms: number) => {
      aheadMs = ms;
    },
    skews: () => readClockSkews(client, keys, clock),
    readLater: (ms: number) => readClockSkews(client, keys, { now: () => clock.now() + ms }),
  };
}

test('a process uses the right time with a clock that is minutes off', async () => {
  const { clock, watch, set } = await openMachine();
  set(12 * 60_000);
  await clock.measure();

  // This machine also runs Redis.
  expect(Math.abs(clock.now() - Date.now())).toBeLessThan(TOLERANCE_MS);
  expect(Math.abs(clock.skewMs() - 12 * 60_000)).toBeLessThan(TOLERANCE_MS);
  await watch.stop();
});

test('a wrong clock is logged once, shown until it is right, and then logged once more', async () => {
  const { watch, lines, set, skews, readLater } = await openMachine();
  set(-90_000);
  await waitFor(async () => (await skews()).length === 1, { what: 'the report' });
  const [skew] = await skews();
  expect(skew?.process).toBe('worker-1');
  expect(Math.abs((skew?.skewMs ?? 0) + 90_000)).toBeLessThan(TOLERANCE_MS);
  expect(await readLater(20_000)).toHaveLength(1);

  set(0);
  await waitFor(() => lines.length === 2, { what: 'the second line' });

  expect(lines).toEqual([
    'warn: the clock of this machine is off; the worker uses the time of Redis',
    'info: the clock of this machine is right again',
  ]);
  await waitFor(async () => (await skews()).length === 0, { what: 'no report' });
  await watch.stop();
});

test('the clock report of a killed process is forgotten', async () => {
  const { watch, set, skews, readLater } = await openMachine();
  set(5_000);
  await waitFor(async () => (await skews()).length === 1, { what: 'the report' });

  expect(await readLater(60_000)).toEqual([]);
  await watch.stop();
});
