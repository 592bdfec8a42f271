import { expect, test } from 'vitest';
import { work } from '../../support/flow/crew.ts';
import { explain } from '../../support/flow/explain.ts';
import { openWorld } from '../../support/flow/world.ts';
import type { World } from '../../support/flow/world-shapes.ts';

const BUCKET = { tenantId: 'acme', bucketClass: 'messages' } as const;
const LIMIT = { capacity: 2, ratePerSecond: 2 };

/** A world whose tenant moves into it, and has three jobs there. */
async function openHeld(): Promise<World> {
  const world = openWorld();
  await world.configure('acme', LIMIT);
  await world.flow.hold(0, BUCKET, 7, {});
  await world.accept([{ id: 'j1' }, { id: 'j2' }, { id: 'j3' }]);
  return world;
}

test('a held bucket sends nothing, whatever an operator does with its pauses', async () => {
  const world = await openHeld();

  await world.pause('acme', 1000);
  await world.resume('acme');
  await work(world, 60_000);

  expect(world.grants).toEqual([]);
  expect(await world.work('j1')).toMatchObject({ verdict: 'park', reason: 'moving' });
  expect(await explain(world, 'j1')).toMatchObject({
    reason: 'moving',
    sentence: expect.stringContaining('from partition 7'),
  });
  expect(await world.flow.status(BUCKET)).toMatchObject({ reason: 'moving', lanesWaiting: 3 });
});

test('a bucket that is let go has the level of the one in the other partition', async () => {
  const world = await openHeld();

  // The other bucket has a token in two seconds.
  const fields = { tat: String(world.now() + 2000), failures: '0' };
  const wakes = await world.flow.hold(0, BUCKET, null, fields);

  expect(wakes.map(({ jobId, delayMs }) => [jobId, delayMs])).toEqual([
    ['j1', 2000],
    ['j2', 2500],
  ]);
  expect(await world.flow.status(BUCKET)).toMatchObject({ level: 0, reason: '', lanesWaiting: 1 });
});

test('a bucket is let go once: what it has learned since counts', async () => {
  const world = await openHeld();
  await world.flow.hold(0, BUCKET, null, {});

  await world.flow.hold(0, BUCKET, null, { tat: String(world.now() + 60_000) });

  expect(await world.flow.status(BUCKET)).toMatchObject({ level: 1 });
});

test.each(['again 1', 'again'])(
  'a job that a move has put here, and not yet into its lane, cannot be cancelled: %s',
  async (entry) => {
    const world = await openHeld();
    await world.add({ id: 'older', lane: 'a' });
    await world.client.set(`${world.keys.own('acme')}ledger:molder`, entry);

    expect(await world.cancel('older')).toBe('running');
  },
);
