import { describe, expect, test } from 'vitest';
import { pace } from '../../../src/flow/pace.ts';
import { GRACE_MS } from '../../support/flow/constants.ts';
import { work } from '../../support/flow/crew.ts';
import { excess } from '../../support/flow/rate.ts';
import { ATTEMPT_MS, openWorld } from '../../support/flow/world.ts';
import type { Run, World } from '../../support/flow/world-shapes.ts';

const LIMIT = { capacity: 5, ratePerSecond: 5 };
const BURST = pace(LIMIT).burst;
const INTERVAL_MS = 200;
/** A bucket at rest has this time beyond its burst: `GRACE` in bucket.lua. */
const BUCKET = { tenantId: 'acme', bucketClass: 'messages' } as const;

describe('a job that makes many requests', () => {
  test('gets the rest of the burst at once, then a token per interval, with two calls for each', async () => {
    const { world, run } = await openBegun();
    const requests = [world.now()];
    let asked = 0;
    for (let number = 2; number <= 12; number++) {
      asked += await acquire(world, run, number);
      requests.push(world.now());
    }
    const gaps = requests.slice(1).map((at, index) => at - (requests[index] ?? 0));
    const atOnce = BURST - 1;
    const afterwards = Array(10 - atOnce).fill(INTERVAL_MS);
    expect(gaps).toEqual([...Array(atOnce).fill(0), INTERVAL_MS - GRACE_MS, ...afterwards]);
    expect(asked).toBe(atOnce + 2 * (11 - atOnce));
  });

  test('shares the limit with other jobs, and together they use all of it', async () => {
    const { world, run } = await openBegun();
    await world.accept(Array.from({ length: 200 }, (_, index) => ({ id: `other-${index}` })));
    const startMs = world.now();
    const own: number[] = [];
    for (let number = 2; world.now() < startMs + 20_000; number++) {
      await acquire(world, run, number, (ms) => work(world, ms, { answerMs: 1 }));
      own.push(world.now());
    }
    const all = [...world.grants.map(({ atMs }) => atMs), ...own].sort((a, b) => a - b);
    const seconds = ((all.at(-1) ?? 0) - startMs) / 1000;
    const allowance = { ratePerSecond: LIMIT.ratePerSecond, burst: BURST, fromMs: 0 };
    expect(excess(all, [allowance])).toBeLessThanOrEqual(0);
    expect(all.length).toBeGreaterThanOrEqual(0.95 * (BURST + LIMIT.ratePerSecond * seconds));
    expect(own.length).toBeGreaterThan(10);
    expect(world.grants.length).toBeGreaterThan(40);
  });

  test('delays no lane that has a reservation', async () => {
    const { world, run } = await openBegun();
    await world.accept(Array.from({ length: BURST + 3 }, (_, index) => ({ id: `other-${index}` })));
    const acquired = await world.acquire(run, 2);
    await work(world, 2000, { answerMs: 1 });
    expect(acquired).toMatchObject({ verdict: 'wait' });
    const starts = [...world.jobs.values()].map((job) => job.starts);
    expect(starts).toEqual(starts.map(() => 1));
  });

  test('goes before the wait queue', async () => {
    const { world, run } = await openBegun();
    await world.accept(Array.from({ length: 100 }, (_, index) => ({ id: `other-${index}` })));
    const startMs = world.now();
    await acquire(world, run, 2, (ms) => work(world, ms, { answerMs: 1 }));
    expect(world.now() - startMs).toBeLessThanOrEqual(1000 + 2 * INTERVAL_MS);
  });

  test('acquires several tokens at a time', async () => {
    const { world, run } = await openBegun();
    const numbers = Array.from({ length: BURST + 3 }, (_, index) => index + 2);
    const acquired = await Promise.all(numbers.map((number) => world.acquire(run, number)));
    const waits = acquired.map((answer) => ('waitMs' in answer ? answer.waitMs : 0)).sort((a, b) => a - b);
    expect(waits).toEqual([...Array(BURST - 1).fill(0), 100, 300, 500, 700]);
  });

  test('waits while the bucket is paused, and gets its token when the pause ends', async () => {
    const { world, run } = await openBegun();
    await world.pause('acme', 3000);
    expect(await world.acquire(run, 2)).toMatchObject({ verdict: 'wait', waitMs: 3000 });
    const startMs = world.now();
    expect(await acquire(world, run, 2)).toBeGreaterThan(1);
    expect(world.now() - startMs).toBe(3000);
  });

  test('waits for a pause that began after its reservation', async () => {
    const { world, run } = await openBegun();
    for (let number = 2; number <= BURST; number++) await acquire(world, run, number);
    expect(await world.acquire(run, 90)).toMatchObject({ verdict: 'wait', waitMs: 100 });
    await world.pause('acme', 5000);
    world.pass(100);
    expect(await world.acquire(run, 90)).toMatchObject({ verdict: 'wait', waitMs: 4900 });
  });

  test('gets the verdict later when the wait exceeds its patience, and leaves no reservation', async () => {
    const { world, run } = await openBegun();
    await world.pause('acme', 60_000);
    const acquired = await world.acquire(run, 2, 10_000);
    expect(acquired).toMatchObject({ verdict: 'later', waitMs: 60_000 });
    expect((await world.flow.status(BUCKET)).lanesReserved).toBe(0);
  });

  test('is under way while it acquires tokens, and flow control admits no other run of it', async () => {
    const { world, run } = await openBegun();
    for (const [index] of Array(5).entries()) {
      world.pass(ATTEMPT_MS - 1000);
      await acquire(world, run, index + 2);
    }
    world.die(run, 1);
    world.pass(1);
    const second = await world.start('long');
    expect(second.admission).toMatchObject({ verdict: 'wait', reason: 'unknown' });
  });

  test('gets no token after another run took the job, or after its end', async () => {
    const { world, run } = await openBegun();
    world.die(run, ATTEMPT_MS + 1);
    world.pass(ATTEMPT_MS + 1);
    const second = await world.start('long');
    expect(second.admission.verdict).toBe('go');
    expect(await world.acquire(run, 2)).toMatchObject({ verdict: 'lost' });

    await world.conclude(second);
    await world.leave(second);
    expect(await world.acquire(second, 2)).toMatchObject({ verdict: 'lost' });
  });

  test('loses its reservations when its worker dies', async () => {
    const { world, run } = await openBegun();
    for (let number = 2; number <= BURST + 4; number++) await world.acquire(run, number);
    expect((await world.flow.status(BUCKET)).lanesReserved).toBeGreaterThan(0);
    world.die(run);
    world.pass(20_000);
    await world.reconcile();
    expect((await world.flow.status(BUCKET)).lanesReserved).toBe(0);
  });

  test('reports how many requests Genesys Cloud has left', async () => {
    const { world, run } = await openBegun();
    const { job, number } = run;
    await world.flow.acquire(job.ref, { run: number, number: 2, patienceMs: 0, allowance: { remaining: 1 } });
    expect((await world.flow.status(BUCKET)).level).toBe(0);
  });
});

/** A world with one job under way, which has the first token. */
async function openBegun(): Promise<{ world: World; run: Run }> {
  const world = openWorld();
  await world.configure('acme', LIMIT);
  await world.accept([{ id: 'long' }]);
  const run = await world.start('long');
  expect(run.admission.verdict).toBe('go');
  return { world, run };
}

/** Asks until there is a token. @returns how often it asked. */
async function acquire(
  world: World,
  run: Run,
  number: number,
  pass: (ms: number) => unknown = world.pass,
): Promise<number> {
  for (let asked = 1; ; asked++) {
    const acquired = await world.acquire(run, number);
    if (acquired.verdict === 'go') return asked;
    if (acquired.verdict !== 'wait') throw new Error(`the acquisition was ${acquired.verdict}`);
    await pass(acquired.waitMs);
  }
}
