import { describe, expect, test } from 'vitest';
import { pace } from '../../../src/flow/pace.ts';
import { allEnded, work } from '../../support/flow/crew.ts';
import { explain } from '../../support/flow/explain.ts';
import { excess } from '../../support/flow/rate.ts';
import { openWorld } from '../../support/flow/world.ts';
import type { World } from '../../support/flow/world-shapes.ts';

const FAST = { capacity: 100, ratePerSecond: 100 };
const HOUR_MS = 3_600_000;

async function open(limit = FAST): Promise<World> {
  const world = openWorld();
  await world.configure('acme', limit);
  return world;
}

/** Jobs in the order in which they went, with how long after a moment. */
function sent(world: World, sinceMs: number): [id: string, afterMs: number][] {
  return world.grants.map(({ id, atMs }) => [id, atMs - sinceMs]);
}

test('a scheduled job goes at its moment, and not before', async () => {
  const world = await open();
  const atMs = world.now() + HOUR_MS;
  await world.accept([{ id: 'later', sendAtMs: atMs }, { id: 'now' }]);

  await work(world, 2 * HOUR_MS, { reconcileEveryMs: 60_000, until: allEnded(world) });

  expect(sent(world, atMs)).toEqual([
    ['now', -HOUR_MS],
    ['later', 0],
  ]);
});

test('a scheduled job starts once: no worker takes it before its moment', async () => {
  const world = await open();
  await world.accept([{ id: 'later', sendAtMs: world.now() + 3 * 24 * HOUR_MS }]);

  await work(world, 4 * 24 * HOUR_MS, { reconcileEveryMs: HOUR_MS, until: allEnded(world) });

  expect(world.jobs.get('later')).toMatchObject({ end: 'sent', starts: 1 });
});

test('later jobs of its conversation wait behind a scheduled job, and those of others do not', async () => {
  const world = await open();
  const atMs = world.now() + 60_000;
  await world.accept([
    { id: 'a1', lane: 'a' },
    { id: 'a2', lane: 'a', sendAtMs: atMs },
    { id: 'a3', lane: 'a' },
    { id: 'b1', lane: 'b' },
  ]);

  await work(world, 120_000, { until: allEnded(world) });

  expect(world.grants.map(({ id }) => id)).toEqual(['a1', 'b1', 'a2', 'a3']);
  expect(sent(world, atMs).slice(2)).toEqual([
    ['a2', 0],
    ['a3', 50],
  ]);
});

test('an urgent job does not go before its own moment, and a moment in the past is now', async () => {
  const world = await open();
  const atMs = world.now() + 5000;
  await world.accept([
    { id: 'urgent', urgent: true, sendAtMs: atMs },
    { id: 'past', sendAtMs: world.now() - 5000 },
  ]);

  await work(world, 10_000, { until: allEnded(world) });

  expect(sent(world, atMs)).toEqual([
    ['past', -5000],
    ['urgent', 0],
  ]);
});

test('many jobs of one moment go at the rate, each with one start, and a reservation is taken at that moment', async () => {
  const limit = { capacity: 20, ratePerSecond: 20 };
  const world = await open(limit);
  const atMs = world.now() + 60_000;
  const ids = Array.from({ length: 100 }, (_, n) => `j${n}`);
  await world.accept(ids.map((id) => ({ id, sendAtMs: atMs })));
  expect(await world.flow.status({ tenantId: 'acme', bucketClass: 'messages' })).toMatchObject({
    lanesReserved: 0,
    lanesWaiting: 0,
  });

  await work(world, 120_000, { until: allEnded(world) });

  const moments = world.grants.map((grant) => grant.atMs);
  expect(Math.min(...moments)).toBe(atMs);
  expect(excess(moments, [{ ...pace(limit), ratePerSecond: 20, fromMs: 0 }])).toBeLessThanOrEqual(0);
  expect(Math.max(...moments) - atMs).toBeLessThanOrEqual(((100 - pace(limit).burst) / 20) * 1000 + 100);
  expect([...world.jobs.values()].map(({ starts }) => starts)).toEqual(ids.map(() => 1));
});

describe('a scheduled job', () => {
  test('can be cancelled, and the jobs behind it go on', async () => {
    const world = await open();
    await world.accept([
      { id: 'a1', lane: 'a', sendAtMs: world.now() + HOUR_MS },
      { id: 'a2', lane: 'a' },
    ]);

    expect(await world.cancel('a1')).toBe('released');
    await work(world, 10_000, { until: allEnded(world) });

    expect(world.grants.map(({ id }) => id)).toEqual(['a2']);
  });

  test('waits for its moment also when an operator cancels it and then sends it again', async () => {
    const world = await open();
    const atMs = world.now() + 60_000;
    await world.accept([{ id: 'a1', lane: 'a', sendAtMs: atMs }]);
    await world.cancel('a1');
    await work(world, 1000);
    await world.retry('a1');

    await work(world, 120_000, { until: allEnded(world) });

    expect(sent(world, atMs)).toEqual([['a1', 0]]);
  });

  test('that another program has put into the queue waits too', async () => {
    const world = await open();
    const atMs = world.now() + 60_000;
    await world.add({ id: 'a1', lane: 'a', sendAtMs: atMs });

    await work(world, 120_000, { until: allEnded(world) });

    expect(sent(world, atMs)).toEqual([['a1', 0]]);
    expect(world.jobs.get('a1')?.starts).toBe(2);
  });

  test('that another program has replaced by one of the same id starts once before its moment', async () => {
    const world = await open();
    const atMs = world.now() + HOUR_MS;
    await world.accept([{ id: 'a1', lane: 'a', sendAtMs: atMs }]);
    await world.client.hdel(`${world.keys.own('acme')}message-transmission:a1`, 'sendAt');
    await world.work('a1');

    await work(world, 2 * HOUR_MS, { until: allEnded(world) });

    expect(sent(world, atMs)).toEqual([['a1', 0]]);
    expect(world.jobs.get('a1')?.starts).toBe(2);
  });

  test('that another program has removed lets its conversation continue', async () => {
    const world = await open();
    await world.accept([
      { id: 'a1', lane: 'a', sendAtMs: world.now() + HOUR_MS },
      { id: 'a2', lane: 'a' },
      { id: 'a3', lane: 'a', sendAtMs: world.now() + HOUR_MS },
      { id: 'b1', lane: 'b', sendAtMs: world.now() + HOUR_MS },
    ]);
    await world.remove('a1');

    await work(world, 30_000);

    expect(world.grants.map(({ id }) => id)).toEqual(['a2']);
    expect(world.jobs.get('a1')?.end).toBe('removed');
  });

  test('that another program has removed, and a producer enqueues once more, goes to the end', async () => {
    const world = await open();
    const atMs = world.now() + HOUR_MS;
    const first = { id: 'a1', lane: 'a', sendAtMs: atMs };
    await world.accept([first, { id: 'a2', lane: 'a' }]);
    await world.remove('a1');
    expect(await world.accept([first])).toEqual([3]);

    await work(world, 30_000);
    expect(world.grants.map(({ id }) => id)).toEqual(['a2']);

    await work(world, 2 * HOUR_MS, { reconcileEveryMs: 60_000, until: allEnded(world) });
    expect(sent(world, atMs)[1]).toEqual(['a1', 0]);
  });

  test('counts its age from its moment', async () => {
    const world = openWorld();
    await world.configure('acme', FAST, 10_000);
    const atMs = world.now() + 60_000;
    await world.accept([{ id: 'a1', lane: 'a', sendAtMs: atMs }]);
    world.pass(30_000);
    expect(await world.expire()).toBe(0);

    await work(world, 120_000, { until: allEnded(world) });

    expect(sent(world, atMs)).toEqual([['a1', 0]]);
  });

  test('is not accepted when it is scheduled more than 366 days ahead', async () => {
    const world = await open();
    const dayMs = 24 * HOUR_MS;
    const sequences = await world.accept([
      { id: 'far', sendAtMs: world.now() + 366 * dayMs + 1 },
      { id: 'near', sendAtMs: world.now() + 366 * dayMs },
    ]);
    expect(sequences).toEqual([0, 1]);
  });

  test('says why it waits, and until when; so does the job behind it', async () => {
    const world = await open();
    const at = new Date(world.now() + HOUR_MS).toISOString();
    await world.accept([
      { id: 'a1', lane: 'a', sendAtMs: Date.parse(at) },
      { id: 'a2', lane: 'a' },
    ]);

    expect(await explain(world, 'a1')).toEqual({
      reason: 'scheduled',
      until: at,
      sentence: `It is scheduled for ${at}.`,
    });
    expect(await explain(world, 'a2')).toMatchObject({
      reason: 'order',
      until: at,
      sentence: `It is number 2, and waits for number 1 of its conversation (job a1) to end, which is not sent before ${at}.`,
    });
  });
});

test.each(['starts', 'fails'])(
  'the reconciler repairs a scheduled job whose moment a worker met, and that %s',
  async (what) => {
    const world = await open();
    const atMs = world.now() + 60_000;
    await world.accept([{ id: 'a1', lane: 'a', sendAtMs: atMs }]);
    await world.reconcile();
    world.pass(60_000);
    // Another program promoted the job, and this worker was faster than the look for deferred lanes.
    if (what === 'starts') world.die(await world.start('a1'), 3_600_000);
    else await world.failEarly('a1', { kind: 'retry', delayMs: 300_000 });
    expect(await world.goOn()).toBe(0);
    await world.remove('a1');
    await world.accept([{ id: 'a2', lane: 'a' }]);

    await work(world, 60_000);

    expect(world.grants.map(({ id }) => id)).toContain('a2');
  },
);

test('a look at deferred lanes takes its share of a backlog, and says that more is due', async () => {
  const world = await open();
  await world.accept(['j1', 'j2', 'j3'].map((id) => ({ id, sendAtMs: world.now() + 1000 })));
  expect(await world.flow.due(0, 2)).toMatchObject({ moved: 0, nextMs: 1000 });
  world.pass(1000);
  expect(await world.flow.due(0, 2)).toMatchObject({ moved: 2, nextMs: 0 });
  expect(await world.flow.due(0, 2)).toMatchObject({ moved: 1, nextMs: null });
});

test('the reconciler looks past a lane that another program has overwritten', async () => {
  const world = await open();
  const sendAtMs = world.now() + HOUR_MS;
  await world.accept(
    ['a', 'b', 'b'].map((lane, n) => ({ id: `${lane}${n}`, lane, ...(n < 2 && { sendAtMs }) })),
  );
  await world.client.set(`${world.keys.own('acme')}lane:acme:a`, 'no lane');
  await world.remove('b1');

  await work(world, 30_000);

  expect(world.grants.map(({ id }) => id)).toEqual(['b2']);
});

test('a lane that another program has overwritten holds no other scheduled job up', async () => {
  const world = await open();
  const atMs = world.now() + 60_000;
  await world.accept(['a', 'b'].map((lane) => ({ id: `${lane}1`, lane, sendAtMs: atMs })));
  await world.client.set(`${world.keys.own('acme')}lane:acme:a`, 'no lane');
  world.pass(60_000);

  await expect(world.goOn()).rejects.toThrow('WRONGTYPE');

  await world.goOn();
  await work(world, 1000);
  expect(sent(world, atMs)).toEqual([['b1', 0]]);
});
