import { describe, expect, test } from 'vitest';
import { openWorld } from '../../support/flow/world.ts';
import type { Reply, World } from '../../support/flow/world-shapes.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Workers look every second. */
const GRACE_MS = 1000;

describe('a job expires on time', () => {
  test('at the head of its lane, with a reservation behind a pause', async () => {
    const world = await openPaused([{ id: 'head', lane: 'x', expires: true }]);
    expect(await timeToEnd(world, 'head')).toBeLessThanOrEqual(MINUTE_MS + GRACE_MS);
  });

  test('behind other jobs of its lane', async () => {
    const world = await openPaused([
      { id: 'head', lane: 'x' },
      { id: 'behind', lane: 'x', expires: true },
    ]);
    expect(await timeToEnd(world, 'behind')).toBeLessThanOrEqual(MINUTE_MS + GRACE_MS);
    expect(world.jobs.get('head')?.end).toBeNull();
  });

  test('by the maximum age of its tenant, which its producer does not know', async () => {
    const world = openWorld();
    await world.configure('acme', { capacity: 10, ratePerSecond: 10 }, MINUTE_MS);
    await world.pause('acme', HOUR_MS);
    await world.accept([
      { id: 'head', lane: 'x' },
      { id: 'behind', lane: 'x' },
    ]);
    expect(await timeToEnd(world, 'head')).toBeLessThanOrEqual(MINUTE_MS + GRACE_MS);
    expect(await timeToEnd(world, 'behind')).toBe(0);
  });

  test('while it waits for its next attempt', async () => {
    const world = openWorld();
    await world.configure('acme', { capacity: 10, ratePerSecond: 10 });
    await accept(world, [{ id: 'failing', expires: true }]);
    await world.work('failing', { kind: 'unavailable', delayMs: HOUR_MS });
    expect(await timeToEnd(world, 'failing')).toBeLessThanOrEqual(MINUTE_MS + GRACE_MS);
  });

  test('while the circuit is open', async () => {
    const world = openWorld();
    await world.configure('acme', { capacity: 100, ratePerSecond: 100 });
    await accept(world, [...['a', 'b', 'c', 'd', 'e'].map((id) => ({ id })), { id: 'waits', expires: true }]);
    for (const id of ['a', 'b', 'c', 'd', 'e']) await world.work(id, DOWN);
    await world.pause('acme', HOUR_MS);
    expect(await timeToEnd(world, 'waits')).toBeLessThanOrEqual(MINUTE_MS + GRACE_MS);
  });

  test('after a run that was under way at that moment', async () => {
    const world = await openPaused([{ id: 'head', lane: 'x', expires: true }]);
    await world.resume('acme');
    const run = await world.start('head');
    world.pass(MINUTE_MS);
    await world.expire();
    world.pass(5000);
    await world.conclude(run, { kind: 'retry', delayMs: HOUR_MS });
    await world.leave(run);
    expect(await timeToEnd(world, 'head')).toBeLessThanOrEqual(20_000 + GRACE_MS);
  });
});

describe('the expiry entry of a job', () => {
  test('is removed with its end', async () => {
    const world = openWorld();
    await world.configure('acme', { capacity: 10, ratePerSecond: 10 });
    await accept(world, [
      { id: 'sent', expires: true },
      { id: 'never', lane: 'x' },
    ]);
    await world.work('sent');
    expect(await noted(world)).toEqual([]);
  });

  test('is not made for a job without expiry', async () => {
    const world = openWorld();
    await world.configure('acme', { capacity: 1, ratePerSecond: 1 });
    await world.accept([
      { id: 'one', lane: 'x' },
      { id: 'two', lane: 'x' },
    ]);
    await world.work('two');
    expect(await noted(world)).toEqual([]);
  });

  test('wakes its job less and less often if the tenant has got a longer maximum age', async () => {
    const world = openWorld();
    await world.configure('acme', { capacity: 1, ratePerSecond: 1 }, MINUTE_MS);
    await world.pause('acme', HOUR_MS);
    await world.accept([{ id: 'patient' }]);
    await world.configure('acme', { capacity: 1, ratePerSecond: 1 });
    const before = world.jobs.get('patient')?.starts ?? 0;
    await pass(world, HOUR_MS - 1000);
    // At most once for each doubling of ten seconds.
    expect((world.jobs.get('patient')?.starts ?? 0) - before).toBeLessThanOrEqual(10);
    expect(world.jobs.get('patient')?.end).toBeNull();
  });

  test('is removed after another program removed the job', async () => {
    const world = await openPaused([{ id: 'gone', expires: true }]);
    await world.remove('gone');
    world.pass(MINUTE_MS);
    await world.expire();
    expect(await noted(world)).toEqual([]);
  });
});

test('expired jobs are found in bounded batches', async () => {
  const world = await openPaused(
    Array.from({ length: 30 }, (_, n) => ({ id: `j${n}`, expires: true as const })),
  );
  world.pass(MINUTE_MS);
  expect([
    await world.expire(12),
    await world.expire(12),
    await world.expire(12),
    await world.expire(12),
  ]).toEqual([12, 12, 6, 0]);
});

const DOWN: Reply = { kind: 'unavailable', delayMs: HOUR_MS };

/** Jobs of a tenant that is paused for an hour. Some of them expire in a minute. */
async function openPaused(specs: readonly Spec[]): Promise<World> {
  const world = openWorld();
  await world.configure('acme', { capacity: 10, ratePerSecond: 10 });
  await world.pause('acme', HOUR_MS);
  await accept(world, specs);
  return world;
}

interface Spec {
  readonly id: string;
  readonly lane?: string;
  readonly expires?: true;
}

async function accept(world: World, specs: readonly Spec[]): Promise<void> {
  await world.accept(
    specs.map(({ expires, ...spec }) => ({
      ...spec,
      ...(expires && { expiresAtMs: world.now() + MINUTE_MS }),
    })),
  );
}

/** Workers: each second they wake jobs whose time is over, and start jobs that are due. */
async function pass(world: World, ms: number): Promise<void> {
  const until = world.now() + ms;
  while (world.now() < until) {
    world.pass(1000);
    await world.expire();
    for (const { id } of [...world.due]) await world.work(id);
  }
}

/** Workers run until the job has ended. @returns the time until then, in ms. */
async function timeToEnd(world: World, id: string): Promise<number> {
  const startedAtMs = world.now();
  while (world.jobs.get(id)?.end === null && world.now() < startedAtMs + 2 * MINUTE_MS)
    await pass(world, 1000);
  expect(world.jobs.get(id)?.end).toBe('expired');
  return world.now() - startedAtMs;
}

async function noted(world: World): Promise<string[]> {
  return await world.client.zrange(`${world.keys.ownOf(0)}expiring`, '0', '-1');
}
