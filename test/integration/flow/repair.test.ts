import { describe, expect, test } from 'vitest';
import { allEnded, work } from '../../support/flow/crew.ts';
import { openWorld, type World } from '../../support/flow/world.ts';

const FAST = { capacity: 100, ratePerSecond: 100 };
/** No hole may hold up a lane for longer. */
const AT_MOST_MS = 30_000;

describe('a head that is removed behind our back', () => {
  test('while it is to be started lets its lane go on', async () => {
    const world = await openFast();
    await acceptLane(world, 'abc');
    await world.remove('a');
    await expectGrantsWithin(world, AT_MOST_MS, ['b', 'c']);
  });

  test('while it holds a slot lets its lane go on', async () => {
    const world = await openSlow();
    await acceptLane(world, 'abc');
    await world.work('x1');
    await world.remove('a');
    await work(world, AT_MOST_MS);
    expect(ids(world)).toEqual(expect.arrayContaining(['b', 'c']));
  });

  test('while it waits in the line lets its lane go on in its turn', async () => {
    const world = await openSlow();
    await world.accept(Array.from({ length: 20 }, (_, index) => ({ id: `y${index}` })));
    await acceptLane(world, 'abc');
    await world.remove('a');
    await work(world, AT_MOST_MS);
    expect(ids(world)).toEqual(expect.arrayContaining(['b', 'c']));
  });

  test('while it waits for its next attempt, however long, lets its lane go on', async () => {
    const world = await openFast();
    await acceptLane(world, 'abc');
    await world.work('a', { kind: 'retry', delayMs: 300_000 });
    await work(world, 1000);
    await world.remove('a');
    await expectGrantsWithin(world, AT_MOST_MS, ['b', 'c']);
  });

  test('long after its first failure lets its lane go on as well', async () => {
    const world = await openFast();
    await acceptLane(world, 'abc');
    await world.work('a', { kind: 'retry', delayMs: 300_000 });
    await work(world, 180_000);
    await world.remove('a');
    await expectGrantsWithin(world, AT_MOST_MS, ['b', 'c']);
  });

  test('after its worker has died lets its lane go on once the attempt is certainly over', async () => {
    const world = await openFast();
    await acceptLane(world, 'abc');
    world.die(await world.start('a'));
    await work(world, 30_000);
    await world.remove('a');
    await expectGrantsWithin(world, AT_MOST_MS, ['b', 'c']);
  });

  test('with hundreds behind it lets the rest of its lane go on', async () => {
    const world = await openFast();
    const many = Array.from({ length: 300 }, (_, index) => `j${index}`);
    await acceptLane(world, many);
    for (const id of many.slice(0, 299)) await world.remove(id);
    await expectGrantsWithin(world, AT_MOST_MS, ['j299']);
  });

  test('is told to whoever waits for it, once', async () => {
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

describe('a job that was removed and is handed over once more', () => {
  test('is sent, also when that happens while its removal is concluded', async () => {
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
  test('is not brought back before its time by those that look for holes', async () => {
    const world = await openFast();
    await acceptLane(world, 'ab');
    await world.work('a', { kind: 'retry', delayMs: 100_000 });
    const startMs = world.now();
    await work(world, 110_000);
    expect(world.grants[1]).toMatchObject({ id: 'a', atMs: startMs + 100_000 });
    expect(world.jobs.get('a')?.starts).toBe(2);
  });
});

describe('whoever died before telling the next', () => {
  test.for([
    ['a producer, after its transaction', async (world: World) => await acceptLane(world, 'ab', 'dies')],
    [
      'a worker, after it settled a job',
      async (world: World) => {
        await acceptLane(world, 'xab');
        const run = await world.start('x');
        await world.conclude(run, { kind: 'sent' }, 'dies');
        world.die(run);
      },
    ],
    [
      'a worker, after it was let go itself',
      async (world: World) => {
        await world.pause('acme', 1000);
        await acceptLane(world, 'ab', 'dies');
        await world.accept([{ id: 'x' }]);
        await work(world, 1000, { reconcileEveryMs: 0 });
        world.die(await world.start('x', 'dies'));
      },
    ],
  ] as const)('%s, costs those that wait 30 seconds at most', async ([, act]) => {
    const world = await openFast();
    await act(world);
    await work(world, AT_MOST_MS);
    expect(ids(world).filter((id) => id !== 'x')).toEqual(['a', 'b']);
  });

  test('the reconciler itself, costs as much again', async () => {
    const world = await openFast();
    await acceptLane(world, 'ab', 'dies');
    world.pass(12_000);
    expect(await world.reconcile('dies')).toBe(1);
    await expectGrantsWithin(world, AT_MOST_MS, ['a', 'b']);
  });

  test('all slots, with a long line behind them, costs 30 seconds and nobody is forgotten', async () => {
    const world = await openFast();
    for (let batch = 0; batch < 10; batch++) {
      const specs = Array.from({ length: 100 }, (_, index) => ({ id: `j${batch * 100 + index}` }));
      await world.accept(specs, 'dies');
    }
    await work(world, AT_MOST_MS + 10_000, { until: allEnded(world) });
    expect(world.grants).toHaveLength(1000);
  });
});

describe('a job that got its turn while BullMQ was being told to park it', () => {
  test('is woken by the look that follows', async () => {
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

  test('is found by the reconciler when the worker died before that look', async () => {
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
});

async function openFast(): Promise<World> {
  const world = openWorld();
  await world.configure('acme', FAST);
  return world;
}

/** One request per second; the first two lanes hold the next slots. */
async function openSlow(): Promise<World> {
  const world = openWorld();
  await world.configure('acme', { capacity: 1, ratePerSecond: 1 });
  await world.accept([{ id: 'x1' }]);
  return world;
}

async function acceptLane(world: World, members: Iterable<string>, fate: 'tells' | 'dies' = 'tells') {
  await world.accept(
    [...members].map((id) => ({ id, lane: 'c' })),
    fate,
  );
}

async function expectGrantsWithin(world: World, ms: number, expected: readonly string[]): Promise<void> {
  const before = world.grants.length;
  await work(world, ms);
  expect(ids(world).slice(before)).toEqual(expected);
}

const ids = (world: World) => world.grants.map(({ id }) => id);
