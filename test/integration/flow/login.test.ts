import { describe, expect, test } from 'vitest';
import { ATTEMPT_MS, openWorld } from '../../support/flow/world.ts';
import type { Reply, World } from '../../support/flow/world-shapes.ts';

const DOWN: Reply = { kind: 'unavailable', delayMs: 600_000 };

describe('a job whose worker has no access token', () => {
  test('gets the verdict prepare at its turn, and then go', async () => {
    const world = await openBusy();
    const run = await world.approach('j1');
    expect(run.admission).toMatchObject({ verdict: 'prepare', sequence: 1 });
    expect(world.grants).toEqual([]);

    expect(await world.proceed(run)).toMatchObject({ admission: { verdict: 'go', sequence: 1 } });
  });

  test('takes no token of its bucket while it prepares', async () => {
    const world = await openBusy();
    const before = (await state(world)).level;
    await world.approach('j1');
    expect((await state(world)).level).toBe(before);
  });

  test('does not prepare before its turn in its lane', async () => {
    const world = await openBusy();
    await world.accept([
      { id: 'head', lane: 'x' },
      { id: 'behind', lane: 'x' },
    ]);
    expect(await world.approach('behind')).toMatchObject({ admission: { verdict: 'park', reason: 'lane' } });
  });

  test('does not prepare while its bucket is paused', async () => {
    const world = await openBusy();
    await world.pause('acme', 60_000);
    for (const id of ['j1', 'j2', 'j3', 'j4']) {
      expect((await world.approach(id)).admission.verdict).not.toBe('prepare');
    }
  });

  test('counts towards the concurrency limit while it prepares', async () => {
    const world = openWorld();
    await world.configure('acme', { capacity: 100, ratePerSecond: 100, inFlight: 10 });
    await world.accept(Array.from({ length: 40 }, (_, n) => ({ id: `j${n}` })));
    let fetching = 0;
    for (const { id } of [...world.jobs.values()]) {
      if ((await world.approach(id)).admission.verdict === 'prepare') fetching++;
    }
    // The limit, and the tenth more of is_below_limit.
    expect(fetching).toBeLessThanOrEqual(11);
    expect(fetching).toBeGreaterThanOrEqual(10);
  });

  test('opens the circuit with the fifth failed login, and then one job at a time prepares', async () => {
    const world = await openBusy();
    for (const id of ['j1', 'j2', 'j3', 'j4', 'j5']) await failToPrepare(world, id);
    expect(await state(world)).toMatchObject({ reason: 'circuit-open', pausedForMs: 1000 });

    world.pass(1000);
    const probe = await world.approach('j6');
    expect(probe.admission.verdict).toBe('prepare');
    for (const id of ['j7', 'j8', 'j9']) {
      expect((await world.approach(id)).admission.verdict).not.toBe('prepare');
    }
    await world.conclude(probe, DOWN);
    expect(await state(world)).toMatchObject({ pausedForMs: 2000 });
  });

  test('closes the circuit after the probe has logged in and is sent', async () => {
    const world = await openBusy();
    for (const id of ['j1', 'j2', 'j3', 'j4', 'j5']) await failToPrepare(world, id);
    world.pass(1000);
    const probe = await world.proceed(await world.approach('j6'));
    expect(probe.admission.verdict).toBe('go');
    await world.conclude(probe);
    expect(await state(world)).toMatchObject({ failures: 0, reason: '' });
  });

  test('lets another job prepare after its worker died', async () => {
    const world = await openBusy();
    for (const id of ['j1', 'j2', 'j3', 'j4', 'j5']) await failToPrepare(world, id);
    world.pass(1000);
    world.die(await world.approach('j6'), 3_600_000);
    world.pass(ATTEMPT_MS);
    expect((await world.approach('j7')).admission.verdict).toBe('prepare');
  });
});

/** Forty jobs, each in a lane of its own, and tokens for them. */
async function openBusy(): Promise<World> {
  const world = openWorld();
  await world.configure('acme', { capacity: 100, ratePerSecond: 100 });
  await world.accept(Array.from({ length: 40 }, (_, index) => ({ id: `j${index + 1}` })));
  return world;
}

async function failToPrepare(world: World, id: string): Promise<void> {
  const run = await world.approach(id);
  await world.conclude(run, DOWN);
  await world.leave(run);
}

const state = (world: World) => world.flow.status({ tenantId: 'acme', bucketClass: 'messages' });
