import { describe, expect, test } from 'vitest';
import { work } from '../../support/flow/crew.ts';
import { excess } from '../../support/flow/rate.ts';
import { openWorld } from '../../support/flow/world.ts';
import type { Reply, World } from '../../support/flow/world-shapes.ts';

const THROTTLED: Reply = { kind: 'throttled' };
const REFUSED: Reply = { kind: 'refused' };

describe('a 429', () => {
  test('pauses the bucket for its Retry-After', async () => {
    const world = await openBusy(3);
    await world.work('j1', { kind: 'throttled', retryAfterMs: 7000 });
    expect(await state(world)).toMatchObject({ pausedForMs: 7000, reason: 'rate-limited', level: 0 });
    expect(await world.work('j2')).toMatchObject({ verdict: 'wait', reason: 'rate-limited' });
  });

  test('runs its job again after the pause, with the others and at the rate', async () => {
    const world = await openBusy(5);
    const startMs = world.now();
    await world.work('j1', { kind: 'throttled', retryAfterMs: 7000 });
    await work(world, 10_000);
    const [, ...after] = world.grants;
    expect(after.map(({ id }) => id).sort()).toEqual(['j1', 'j2', 'j3', 'j4', 'j5']);
    expect(after[0]?.atMs).toBeGreaterThanOrEqual(startMs + 7000);
    expect(after[4]?.atMs).toBeLessThan(startMs + 7000 + 100);
    const atRate = { burst: 1, ratePerSecond: 100, fromMs: 0 };
    expect(
      excess(
        after.map(({ atMs }) => atMs),
        [atRate],
      ),
    ).toBeLessThanOrEqual(0);
  });

  test('without a time pauses twice as long each time, up to a minute', async () => {
    const world = await openBusy(1);
    await work(world, 400_000, { answerMs: 100, reply: () => THROTTLED });
    expect(gaps(world).slice(0, 8)).toEqual([1100, 2100, 4100, 8100, 16_100, 32_100, 60_100, 60_100]);
  });

  test('with 0 seconds pauses like one without a time', async () => {
    const world = await openBusy(1);
    const atOnce: Reply = { kind: 'throttled', retryAfterMs: 0 };
    await work(world, 8000, { answerMs: 100, reply: () => atOnce });
    expect(gaps(world).slice(0, 3)).toEqual([1100, 2100, 4100]);
  });

  test('with 0 seconds delays a job also before its admission', async () => {
    const world = await openBusy(1);
    await world.failEarly('j1', { kind: 'throttled', retryAfterMs: 0 });
    expect(world.jobs.get('j1')).toMatchObject({ state: 'delayed', dueMs: world.now() + 1000 });
  });

  test('counts once for all concurrent requests', async () => {
    const world = await openBusy(20);
    await work(world, 1, { answerMs: 100, reply: () => THROTTLED });
    expect(world.grants).toHaveLength(20);
    expect(await state(world)).toMatchObject({ pausedForMs: 1000 });
  });

  test('starts from one second again after a success', async () => {
    const world = await openBusy(2);
    const replies: Reply[] = [THROTTLED, THROTTLED, { kind: 'sent' }, THROTTLED];
    await work(world, 20_000, {
      answerMs: 100,
      concurrency: 1,
      reply: (_, nth) => replies[nth - 1] ?? THROTTLED,
    });
    const inTenths = gaps(world).map((gap) => Math.floor(gap / 100));
    expect(inTenths.slice(0, 4)).toEqual([11, 21, 1, 11]);
  });
});

describe('refused credentials', () => {
  test('pause the bucket for a growing time, up to ten minutes', async () => {
    const world = await openBusy(1);
    await work(world, 2_500_000, { answerMs: 100, reply: () => REFUSED });
    expect(gaps(world).slice(0, 7)).toEqual([15_100, 30_100, 60_100, 120_100, 240_100, 480_100, 600_100]);
    expect(await state(world)).toMatchObject({ reason: 'credentials-refused' });
  });

  test('let one job ask after each pause, and cost the others few admissions', async () => {
    const world = await openBusy(500);
    await work(world, 15_000 + 30_000 + 60_000, { answerMs: 100, concurrency: 1, reply: () => REFUSED });
    expect(world.grants).toHaveLength(3);
    expect(starts(world)).toBeLessThan(500 + 6);
  });

  test('delay a job that met them before its admission until the end of the pause', async () => {
    const world = await openBusy(1);
    await world.accept([
      { id: 'head', lane: 'c' },
      { id: 'behind', lane: 'c' },
    ]);
    await world.failEarly('behind', REFUSED);
    expect(world.jobs.get('behind')).toMatchObject({ state: 'delayed', dueMs: world.now() + 15_000 });
  });
});

describe('a pause by an operator', () => {
  test('holds all jobs until an operator resumes, and then they go at once and in order', async () => {
    const world = await openBusy(5);
    await world.pause('acme', 3_600_000);
    await work(world, 60_000);
    expect(world.grants).toHaveLength(0);

    const resumedAtMs = world.now();
    await world.resume('acme');
    await work(world, 1000);

    expect(world.grants.map(({ id }) => id)).toEqual(['j1', 'j2', 'j3', 'j4', 'j5']);
    expect(world.grants.at(-1)?.atMs).toBeLessThan(resumedAtMs + 100);
  });

  test('is not shortened by a 429', async () => {
    const world = await openBusy(2);
    const run = await world.start('j1');
    await world.pause('acme', 60_000);
    await world.conclude(run, { kind: 'throttled', retryAfterMs: 1000 });
    expect(await state(world)).toMatchObject({ pausedForMs: 60_000 });
  });

  test('keeps its reason after a concurrent request succeeds', async () => {
    const world = await openBusy(2);
    const run = await world.start('j1');
    await world.pause('acme', 60_000);
    await world.conclude(run);
    expect(await state(world)).toMatchObject({ pausedForMs: 60_000, reason: 'by hand' });
  });

  test('keeps its length if the rate changes', async () => {
    const world = await openBusy(2);
    await world.pause('acme', 60_000);
    const resumesAtMs = world.now() + 60_000;
    await world.configure('acme', { capacity: 10, ratePerSecond: 1 });
    await work(world, 90_000);
    expect(world.grants[0]?.atMs).toBe(resumesAtMs);
  });

  test('empties the bucket, also if the rate is raised', async () => {
    const world = await openBusy(300);
    await world.pause('acme', 60_000);
    await world.configure('acme', { capacity: 1000, ratePerSecond: 1000 });
    await work(world, 60_010);
    expect(world.grants.length).toBeLessThanOrEqual(11);
  });
});

async function openBusy(count: number): Promise<World> {
  const world = openWorld();
  await world.configure('acme', { capacity: 100, ratePerSecond: 100 });
  await world.accept(Array.from({ length: count }, (_, index) => ({ id: `j${index + 1}` })));
  return world;
}

const state = (world: World) => world.flow.status({ tenantId: 'acme', bucketClass: 'messages' });

const starts = (world: World) => [...world.jobs.values()].reduce((sum, job) => sum + job.starts, 0);

/** Between one request and the next, ms. */
function gaps({ grants }: World): number[] {
  return grants.slice(1).map(({ atMs }, index) => atMs - (grants[index]?.atMs ?? 0));
}
