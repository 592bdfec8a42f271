import { describe, expect, test } from 'vitest';
import { allEnded, work } from '../../support/flow/crew.ts';
import { ATTEMPT_MS, openWorld } from '../../support/flow/world.ts';
import type { World } from '../../support/flow/world-shapes.ts';

const FAST = { capacity: 100, ratePerSecond: 100 };
/** The reconciler lets each lane continue within this time. */
const AT_MOST_MS = 30_000;

describe('the head of a lane that another program removes', () => {
  test('while it is due lets its lane continue', async () => {
    const world = await openFast();
    await acceptLane(world, 'abc');
    await world.remove('a');
    await expectGrantsWithin(world, AT_MOST_MS, ['b', 'c']);
  });

  test('with a reservation lets its lane continue', async () => {
    const world = await openSlow();
    await acceptLane(world, 'abc');
    await world.work('x1');
    await world.remove('a');
    await work(world, AT_MOST_MS);
    expect(ids(world)).toEqual(expect.arrayContaining(['b', 'c']));
  });

  test('in the wait queue lets its lane continue in its turn', async () => {
    const world = await openSlow();
    await world.accept(Array.from({ length: 20 }, (_, index) => ({ id: `y${index}` })));
    await acceptLane(world, 'abc');
    await world.remove('a');
    await work(world, AT_MOST_MS);
    expect(ids(world)).toEqual(expect.arrayContaining(['b', 'c']));
  });

  test('before its next attempt, at any distance, lets its lane continue', async () => {
    const world = await openFast();
    await acceptLane(world, 'abc');
    await world.work('a', { kind: 'retry', delayMs: 300_000 });
    await work(world, 1000);
    await world.remove('a');
    await expectGrantsWithin(world, AT_MOST_MS, ['b', 'c']);
  });

  test('long after its first failure lets its lane continue', async () => {
    const world = await openFast();
    await acceptLane(world, 'abc');
    await world.work('a', { kind: 'retry', delayMs: 300_000 });
    await work(world, 180_000);
    await world.remove('a');
    await expectGrantsWithin(world, AT_MOST_MS, ['b', 'c']);
  });

  test('after its worker died lets its lane continue once the attempt is certainly over', async () => {
    const world = await openFast();
    await acceptLane(world, 'abc');
    world.die(await world.start('a'), 3_600_000);
    await work(world, 30_000);
    await world.remove('a');
    await expectGrantsWithin(world, AT_MOST_MS, ['b', 'c']);
  });

  test('together with 298 jobs behind it lets the rest of its lane continue', async () => {
    const world = await openFast();
    const many = Array.from({ length: 300 }, (_, index) => `j${index}`);
    await acceptLane(world, many);
    for (const id of many.slice(0, 299)) await world.remove(id);
    await expectGrantsWithin(world, AT_MOST_MS, ['j299']);
  });

  test('is found once, as a lost job', async () => {
    const world = await openFast();
    await acceptLane(world, 'ab');
    await world.remove('a');
    await world.pass(15_000);
    await world.flow.reconcile(0, 10_000);
    expect(await world.flow.lost(0, 10)).toMatchObject([
      { kind: 'message-transmission', tenantId: 'acme', jobId: 'a' },
    ]);
    for (const job of await world.flow.lost(0, 10)) await world.flow.concludeLost(job);
    expect(await world.flow.lost(0, 10)).toEqual([]);
    expect(await world.ledger('a')).toBe('removed {}');
  });
});

describe('a removed job that is enqueued again', () => {
  test('is sent, also if its removal is concluded afterwards', async () => {
    const world = await openFast();
    await acceptLane(world, 'a');
    await world.remove('a');
    await world.pass(15_000);
    await world.flow.reconcile(0, 10_000);
    const lost = await world.flow.lost(0, 10);

    await acceptLane(world, 'a');
    for (const job of lost) await world.flow.concludeLost(job);

    await expectGrantsWithin(world, AT_MOST_MS, ['a']);
    expect(await world.ledger('a')).toBe('sent {}');
    expect(await world.flow.lost(0, 10)).toEqual([]);
  });
});

describe('a job that waits for its next attempt', () => {
  test('is not woken early by the reconciler', async () => {
    const world = await openFast();
    await acceptLane(world, 'ab');
    await world.work('a', { kind: 'retry', delayMs: 100_000 });
    const startMs = world.now();
    await work(world, 110_000);
    expect(world.grants[1]).toMatchObject({ id: 'a', atMs: startMs + 100_000 });
    expect(world.jobs.get('a')?.starts).toBe(2);
  });
});

describe('a process that dies before its wakes', () => {
  test.for([
    [
      'a worker, after it concluded a job',
      async (world: World) => {
        await acceptLane(world, 'xab');
        const run = await world.start('x');
        await world.conclude(run, { kind: 'sent' }, 'dies');
        world.die(run);
      },
    ],
    [
      'a worker, after the admission of its own job',
      async (world: World) => {
        await world.pause('acme', 1000);
        await acceptLane(world, 'ab');
        await world.accept([{ id: 'x' }]);
        await work(world, 1000, { reconcileEveryMs: 0 });
        world.die(await world.start('x', 'dies'));
      },
    ],
  ] as const)('as %s, delays the next jobs by at most 30 seconds', async ([, act]) => {
    const world = await openFast();
    await act(world);
    await work(world, AT_MOST_MS);
    expect(ids(world).filter((id) => id !== 'x')).toEqual(['a', 'b']);
  });

  test('as a reconciler, delays them by as much again', async () => {
    const world = await openFast();
    await acceptLane(world, 'xab');
    const run = await world.start('x');
    await world.conclude(run, { kind: 'sent' }, 'dies');
    await world.leave(run);
    world.pass(12_000);
    expect(await world.reconcile('dies')).toBe(1);
    await expectGrantsWithin(world, AT_MOST_MS, ['a', 'b']);
  });

  test('as an operator who resumes 1,000 jobs, delays them by 30 seconds, and all of them are sent', async () => {
    const world = await openFast();
    await world.pause('acme', 60_000);
    for (let batch = 0; batch < 10; batch++) {
      const specs = Array.from({ length: 100 }, (_, index) => ({ id: `j${batch * 100 + index}` }));
      await world.accept(specs);
    }
    await world.flow.resume({ tenantId: 'acme', bucketClass: 'messages' });
    await work(world, AT_MOST_MS + 10_000, { until: allEnded(world) });
    expect(world.grants).toHaveLength(1000);
  });
});

describe('a job that got its turn while it was being parked', () => {
  test('is woken by the recheck', async () => {
    const world = await openFast();
    await acceptLane(world, 'ab');
    const first = await world.start('a');
    const second = await world.start('b');
    await world.conclude(second);
    await world.conclude(first);
    await world.leave(first);
    await world.leave(second);
    await work(world, 100, { reconcileEveryMs: 0 });
    expect(ids(world)).toEqual(['a', 'b']);
  });

  test('is not woken at once if its worker died before the recheck', async () => {
    const world = await openFast();
    await acceptLane(world, 'ab');
    const first = await world.start('a');
    const second = await world.start('b');
    await world.conclude(second);
    await world.conclude(first);
    await world.leave(first);
    world.die(second, 24 * 3_600_000);
    await work(world, 5000, { reconcileEveryMs: 0 });
    expect(ids(world)).toEqual(['a']);
  });

  test('is not woken while the request of a dead worker may be under way', async () => {
    const world = await openFast();
    await world.accept([{ id: 'a' }]);
    world.die(await world.start('a'), 1000);
    world.pass(1000);
    // The run that follows ends before its admission, and leaves a reservation.
    await world.failEarly('a', { kind: 'throttled', retryAfterMs: 10 });
    world.pass(1000);
    expect(await world.work('a')).toMatchObject({ verdict: 'wait', reason: 'unknown' });

    expect(world.due).toEqual([]);
    await work(world, ATTEMPT_MS, { until: allEnded(world) });
    expect(world.jobs.get('a')).toMatchObject({ end: 'sent' });
  });
});

async function openFast(): Promise<World> {
  const world = openWorld();
  await world.configure('acme', FAST);
  return world;
}

/** One request per second; the first two lanes have reservations. */
async function openSlow(): Promise<World> {
  const world = openWorld();
  await world.configure('acme', { capacity: 1, ratePerSecond: 1 });
  await world.accept([{ id: 'x1' }]);
  return world;
}

async function acceptLane(world: World, members: Iterable<string>) {
  await world.accept([...members].map((id) => ({ id, lane: 'c' })));
}

async function expectGrantsWithin(world: World, ms: number, expected: readonly string[]): Promise<void> {
  const before = world.grants.length;
  await work(world, ms);
  expect(ids(world).slice(before)).toEqual(expected);
}

const ids = (world: World) => world.grants.map(({ id }) => id);
