import { describe, expect, test } from 'vitest';
import { pace } from '../../../src/flow/pace.ts';
import type { Limit } from '../../../src/tenants/limits.ts';
import { work } from '../../support/flow/crew.ts';
import { excess } from '../../support/flow/rate.ts';
import { openWorld } from '../../support/flow/world.ts';
import type { World } from '../../support/flow/world-shapes.ts';

const PER_SECOND: Limit = { capacity: 100, ratePerSecond: 100 };
const PER_MINUTE: Limit = { capacity: 300, ratePerSecond: 5 };

describe('with a backlog', () => {
  test.for([
    ['100 a second', PER_SECOND, 20],
    ['300 a minute', PER_MINUTE, 60],
    ['one every two seconds', { capacity: 1, ratePerSecond: 0.5 }, 60],
  ] as const)(
    'workers use 99 %% of %s, and no window has more than its allowance',
    async ([, limit, seconds]) => {
      const world = openWorld({ latenessMs: ({ sequence }) => (sequence * 7) % 13 });
      await world.configure('acme', limit);
      const allowed = limit.capacity + limit.ratePerSecond * seconds;
      await acceptLanes(world, allowed + 300);

      await work(world, seconds * 1000, { answerMs: 80 });

      expect(world.grants.length).toBeGreaterThanOrEqual(Math.floor(0.99 * allowed));
      expect(world.grants.length).toBeLessThanOrEqual(allowed);
      expect(excess(moments(world), [{ ...allowanceOf(limit), fromMs: 0 }])).toBeLessThanOrEqual(0);
    },
  );

  test('too few workers stay busy, and lose nothing to late reservations', async () => {
    const world = openWorld();
    await world.configure('acme', { capacity: 1, ratePerSecond: 100 });
    await acceptLanes(world, 1000);
    await work(world, 10_000, { answerMs: 400, concurrency: 4 });
    expect(world.grants.length).toBeGreaterThanOrEqual(99);
  });

  test('a reservation that is used up to 100 ms late costs no token', async () => {
    const world = openWorld({ latenessMs: () => 95 });
    await world.configure('acme', { capacity: 1, ratePerSecond: 10 });
    await acceptLanes(world, 120);
    await work(world, 10_000);
    expect(world.grants.length).toBeGreaterThanOrEqual(99);
  });
});

describe('the number of requests that Genesys Cloud has left', () => {
  test('lowers the level if it is less than the level', async () => {
    const world = await openFull();
    await world.work('j1', { kind: 'sent', allowance: { remaining: 10 } });
    expect(await levelOf(world)).toBe(10);
  });

  test('slows all jobs down until the bucket has refilled', async () => {
    const world = await openFull();
    await world.work('j1', { kind: 'sent', allowance: { remaining: 0 } });
    const startMs = world.now();
    await work(world, 1000);
    expect(world.grants[1]?.atMs).toBe(startMs + 10);
    expect(excess(moments(world).slice(1), [{ burst: 1, ratePerSecond: 100, fromMs: 0 }])).toBeLessThan(0);
  });

  test('never raises the level', async () => {
    const world = await openFull(20);
    for (const { id } of [...world.due])
      await world.work(id, { kind: 'sent', allowance: { remaining: 1000 } });
    expect(await levelOf(world)).toBe(75 + 10 - 20);
  });
});

describe('a changed rate', () => {
  test('takes effect within a second if it is lower', async () => {
    const world = await openFull(2000);
    await work(world, 5000);
    const loweredAtMs = world.now();
    await world.configure('acme', { capacity: 10, ratePerSecond: 10 });
    await work(world, 20_000);
    const after = moments(world).filter((moment) => moment > loweredAtMs + 1000);
    expect(after.length).toBeGreaterThanOrEqual(0.99 * 190);
    expect(excess(after, [{ ...allowanceOf({ capacity: 10, ratePerSecond: 10 }), fromMs: 0 }])).toBeLessThan(
      0,
    );
  });

  test('takes effect within a second if it is higher', async () => {
    const world = openWorld();
    await world.configure('acme', { capacity: 10, ratePerSecond: 10 });
    await acceptLanes(world, 2000);
    await work(world, 5000);
    const raisedAtMs = world.now();
    await world.configure('acme', PER_SECOND);
    await work(world, 10_000);
    const after = moments(world).filter((moment) => moment > raisedAtMs + 1000);
    expect(after.length).toBeGreaterThanOrEqual(0.99 * 900);
  });

  test('moves distant reservations to earlier moments', async () => {
    const world = openWorld();
    await world.configure('acme', { capacity: 1, ratePerSecond: 0.01 });
    await acceptLanes(world, 4);
    await work(world, 1000);
    expect(world.grants).toHaveLength(1);

    await world.configure('acme', PER_SECOND);
    await work(world, 1000);

    expect(world.grants.map(({ id }) => id)).toEqual(['j1', 'j2', 'j3', 'j4']);
  });

  test('adds no tokens to the remaining ones', async () => {
    const world = await openFull(500);
    await work(world, 1);
    await world.configure('acme', { capacity: 88, ratePerSecond: 50 });
    await world.configure('acme', PER_SECOND);
    await work(world, 1000);
    expect(excess(moments(world), [{ ...allowanceOf(PER_SECOND), fromMs: 0 }])).toBeLessThanOrEqual(0);
  });
});

async function openFull(count = 300): Promise<World> {
  const world = openWorld();
  await world.configure('acme', PER_SECOND);
  await acceptLanes(world, count);
  return world;
}

/** Jobs `j1`, `j2` …, each in a lane of its own. */
async function acceptLanes(world: World, count: number): Promise<void> {
  await world.accept(Array.from({ length: count }, (_, index) => ({ id: `j${index + 1}` })));
}

const allowanceOf = (limit: Limit) => ({ ratePerSecond: limit.ratePerSecond, burst: pace(limit).burst });
const moments = (world: World) => world.grants.map(({ atMs }) => atMs);

async function levelOf(world: World): Promise<number> {
  return (await world.flow.status({ tenantId: 'acme', bucketClass: 'messages' })).level;
}
