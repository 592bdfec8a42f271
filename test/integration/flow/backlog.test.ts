import { describe, expect, test } from 'vitest';
import { allEnded, work } from '../../support/flow/crew.ts';
import type { JobSpec } from '../../support/flow/queue.ts';
import { openWorld } from '../../support/flow/world.ts';
import type { World } from '../../support/flow/world-shapes.ts';

const FAST = { capacity: 1000, ratePerSecond: 1000 };
/** Far more lanes than have a reservation at a time: those of one second. */
const LANES = 3000;

describe('a backlog', () => {
  test('of many lanes costs each job at most three admissions', async () => {
    const world = openWorld({ latenessMs: ({ sequence }) => (sequence * 5) % 13 });
    await world.configure('acme', FAST);
    await acceptAll(world, lanes(LANES));

    await work(world, 20_000, { until: allEnded(world) });

    expect(world.grants).toHaveLength(LANES);
    expect(mostStarts(world)).toBeLessThanOrEqual(3);
    expect(allStarts(world)).toBeLessThan(LANES * 1.05);
  });

  test('in one long lane costs each job at most three admissions', async () => {
    const world = openWorld();
    await world.configure('acme', FAST);
    await acceptAll(
      world,
      lanes(500).map((spec) => ({ ...spec, lane: 'c' })),
    );
    await work(world, 60_000, { answerMs: 5, until: allEnded(world) });
    expect(world.grants.map(({ id }) => id)).toEqual(lanes(500).map(({ id }) => id));
    expect(mostStarts(world)).toBeLessThanOrEqual(3);
  });

  test('for too few workers costs less than two admissions per job', async () => {
    const world = openWorld();
    await world.configure('acme', FAST);
    await acceptAll(world, lanes(2000));
    await work(world, 60_000, { answerMs: 100, concurrency: 20, until: allEnded(world) });
    expect(world.grants).toHaveLength(2000);
    expect(allStarts(world)).toBeLessThan(2000 * 2);
  });
});

describe('after a minute without workers', () => {
  test('jobs with old reservations go at the rate, with at most three admissions each', async () => {
    const world = openWorld();
    await world.configure('acme', { capacity: 5000, ratePerSecond: 1000 });
    await acceptAll(world, lanes(1500));
    world.pass(60_000);
    expect(world.due.length).toBeGreaterThanOrEqual(1500);
    await world.configure('acme', { capacity: 100, ratePerSecond: 100 });

    await work(world, 60_000, { until: allEnded(world) });

    expect(world.grants).toHaveLength(1500);
    expect(mostStarts(world)).toBeLessThanOrEqual(3);
  });

  test('jobs with a due attempt go at the rate, with at most three admissions each', async () => {
    const world = openWorld();
    await world.configure('acme', { capacity: 3000, ratePerSecond: 1000 });
    await acceptAll(world, lanes(1000));
    for (const { id } of [...world.due]) await world.work(id, { kind: 'retry', delayMs: 30_000 });
    world.pass(60_000);
    expect(world.due).toHaveLength(1000);
    await world.configure('acme', { capacity: 100, ratePerSecond: 100 });
    const before = allStarts(world);

    await work(world, 60_000, { until: allEnded(world) });

    expect(world.grants).toHaveLength(2000);
    expect(allStarts(world) - before).toBeLessThanOrEqual(2 * 1000 + 200);
  });

  test('workers send no more than the rate allows', async () => {
    const world = openWorld();
    await world.configure('acme', { capacity: 100, ratePerSecond: 100 });
    await acceptAll(world, lanes(1000));
    world.pass(60_000);
    const startMs = world.now();
    await work(world, 1000);
    const inFirstSecond = world.grants.filter(({ atMs }) => atMs < startMs + 1000);
    expect(inFirstSecond.length).toBeLessThanOrEqual(75 + 100 + 10);
    expect(inFirstSecond.length).toBeGreaterThan(170);
  });
});

describe('a pause with a backlog', () => {
  test('costs one more admission for each reservation, and no admission for the wait queue', async () => {
    const world = openWorld();
    await world.configure('acme', { capacity: 100, ratePerSecond: 100 });
    await acceptAll(world, lanes(1000));
    await work(world, 2000, {
      reply: (_, nth) => (nth === 100 ? { kind: 'throttled', retryAfterMs: 5000 } : SENT),
    });
    await work(world, 30_000, { until: allEnded(world) });
    expect(world.grants).toHaveLength(1001);
    expect(mostStarts(world)).toBeLessThanOrEqual(4);
    expect(allStarts(world)).toBeLessThan(1000 + 250);
  });
});

const SENT = { kind: 'sent' } as const;

function lanes(count: number): JobSpec[] {
  return Array.from({ length: count }, (_, index) => ({ id: `j${index + 1}` }));
}

async function acceptAll(world: World, specs: readonly JobSpec[]): Promise<void> {
  for (let at = 0; at < specs.length; at += 100) await world.accept(specs.slice(at, at + 100));
}

const startsOf = (world: World) => [...world.jobs.values()].map(({ starts }) => starts);
const mostStarts = (world: World) => Math.max(...startsOf(world));
const allStarts = (world: World) => startsOf(world).reduce((sum, starts) => sum + starts, 0);
