import { describe, expect, test } from 'vitest';
import { work } from '../../support/flow/crew.ts';
import { FAILED, openWorld } from '../../support/flow/world.ts';
import type { World } from '../../support/flow/world-shapes.ts';

/** What the world returns for a duplicate. */
const DUPLICATE = 0;

describe('an id is accepted once', () => {
  test('in one batch', async () => {
    const world = await open();
    expect(await world.accept([{ id: 'a' }, { id: 'b' }, { id: 'a' }])).toEqual([1, 1, DUPLICATE]);
    await work(world, 1000);
    expect(ids(world)).toEqual(['a', 'b']);
  });

  test('while it waits, runs or waits for its next attempt', async () => {
    const world = await open();
    await world.accept([{ id: 'a' }, { id: 'b' }]);
    expect(await world.accept([{ id: 'a' }])).toEqual([DUPLICATE]);
    const run = await world.start('a');
    expect(await world.accept([{ id: 'a' }])).toEqual([DUPLICATE]);
    await world.conclude(run, { kind: 'retry', delayMs: 1000 });
    await world.leave(run);
    expect(await world.accept([{ id: 'a' }])).toEqual([DUPLICATE]);
  });

  test('after it was delivered, whether BullMQ still has it or not', async () => {
    const world = await open();
    await world.accept([{ id: 'a', lane: 'c' }]);
    await world.work('a');
    expect(await world.accept([{ id: 'a', lane: 'c' }])).toEqual([DUPLICATE]);
    await world.remove('a');
    expect(await world.accept([{ id: 'a', lane: 'c' }])).toEqual([DUPLICATE]);
    await work(world, 1000);
    expect(ids(world)).toEqual(['a']);
  });

  test('after it failed for good, was cancelled, or was removed by another program', async () => {
    const world = await open();
    await world.accept([{ id: 'failed' }, { id: 'cancelled' }, { id: 'removed' }]);
    await world.work('failed', FAILED);
    await world.cancel('cancelled');
    await world.remove('removed');
    await work(world, 30_000);
    await world.remove('failed');
    await world.remove('cancelled');
    const again = await world.accept([{ id: 'failed' }, { id: 'cancelled' }, { id: 'removed' }]);
    expect(again).toEqual([DUPLICATE, DUPLICATE, DUPLICATE]);
  });

  test('and again after the ledger has forgotten it', async () => {
    const world = await open();
    await world.accept([{ id: 'a' }]);
    await world.work('a');
    await world.remove('a');
    await world.client.pexpire(`${world.keys.own('acme')}ledger:ma`, 0);
    expect(await world.accept([{ id: 'a' }])).toEqual([expect.toSatisfy((sequence) => sequence > 0)]);
    await work(world, 1000);
    expect(ids(world)).toEqual(['a', 'a']);
  });
});

describe('a duplicate', () => {
  test('takes no place in a lane and no reservation', async () => {
    const world = await open();
    await world.accept([{ id: 'a', lane: 'c' }]);
    await world.accept([{ id: 'a', lane: 'other' }]);
    expect(await world.flow.status({ tenantId: 'acme', bucketClass: 'messages' })).toMatchObject({
      lanesReserved: 1,
      lanesWaiting: 0,
      lanesBusy: 0,
    });
  });

  test('does not change the order of the jobs around it', async () => {
    const world = await open();
    await world.accept([
      { id: 'a', lane: 'c' },
      { id: 'b', lane: 'c' },
    ]);
    await world.accept([
      { id: 'b', lane: 'c' },
      { id: 'a', lane: 'c' },
      { id: 'd', lane: 'c' },
    ]);
    await work(world, 1000);
    expect(ids(world)).toEqual(['a', 'b', 'd']);
  });
});

async function open(): Promise<World> {
  const world = openWorld();
  await world.configure('acme', { capacity: 100, ratePerSecond: 100 });
  return world;
}

const ids = (world: World) => world.grants.map(({ id }) => id);
