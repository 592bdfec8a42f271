import { describe, expect, test } from 'vitest';
import { work } from '../../support/flow/crew.ts';
import { openWorld, SENT } from '../../support/flow/world.ts';
import type { Reply, World } from '../../support/flow/world-shapes.ts';

const DENIED: Reply = { kind: 'denied' };

describe('a missing permission', () => {
  test('fails the job that meets it, and pauses its bucket', async () => {
    const world = await openBusy();
    await world.work('j1', DENIED);
    expect(world.jobs.get('j1')?.end).toBe('failed');
    expect(await state(world)).toMatchObject({ reason: 'permission-missing', pausedForMs: 15_000 });
  });

  test('lets one job at a time probe, after pauses that grow to ten minutes', async () => {
    const world = await openBusy();
    await work(world, 3_600_000, { concurrency: 1, reply: () => DENIED });
    const waits = gaps(world.grants.map(({ atMs }) => atMs)).map((ms) => Math.round(ms / 1000));
    expect(waits.slice(0, 7)).toEqual([15, 30, 60, 120, 240, 480, 600]);
    expect(world.grants.length).toBeLessThan(15);
    const ended = [...world.jobs.values()].filter(({ end }) => end !== null);
    expect(ended).toHaveLength(world.grants.length);
  });

  test('ends with the first success, and the other jobs go at the rate', async () => {
    const world = await openBusy();
    const reply = (_run: unknown, nth: number) => (nth === 1 ? DENIED : SENT);
    await work(world, 60_000, { concurrency: 1, reply });
    expect(await state(world)).toMatchObject({ reason: '', pausedForMs: 0 });
    expect(world.grants).toHaveLength(40);
  });

  test('does not end if the probe gets another answer', async () => {
    const world = await openBusy();
    await world.work('j1', DENIED);
    world.pass(16_000);
    await world.work('j2', { kind: 'failed' });
    world.pass(1000);
    expect((await world.start('j3')).admission.verdict).toBe('go');
    expect((await world.start('j4')).admission.verdict).not.toBe('go');
  });

  test('counts once for all concurrent requests', async () => {
    const world = await openBusy();
    const underWay = [];
    for (const id of ['j1', 'j2', 'j3', 'j4']) underWay.push(await world.start(id));
    for (const run of underWay) await world.conclude(run, DENIED);
    expect(await state(world)).toMatchObject({ pausedForMs: 15_000 });
    world.pass(16_000);
    expect((await world.start('j5')).admission.verdict).toBe('go');
  });

  test.each(['resume', 'forgive'] as const)('is forgotten after %s', async (how) => {
    const world = await openBusy();
    await world.work('j1', DENIED);
    await world.flow[how](BUCKET);
    expect(await state(world)).toMatchObject({ reason: '', pausedForMs: 0 });
    world.pass(1000);
    expect((await world.start('j2')).admission.verdict).toBe('go');
    expect((await world.start('j3')).admission.verdict).toBe('go');
  });
});

describe('a reload of the tenant', () => {
  test.each<[string, (world: World) => Promise<void>]>([
    ['refused credentials', async (world) => void (await world.work('j1', { kind: 'refused' }))],
    [
      'an open circuit',
      async (world) => {
        for (let n = 1; n <= 5; n++) await world.work(`j${n}`, { kind: 'unavailable', delayMs: 1000 });
      },
    ],
  ])('ends the pause of %s', async (_what, begin) => {
    const world = await openBusy();
    await begin(world);
    expect((await state(world)).pausedForMs).toBeGreaterThan(0);
    await world.flow.forgive(BUCKET);
    expect((await state(world)).pausedForMs).toBe(0);
  });

  test.each<[string, (world: World) => Promise<void>]>([
    ['by an operator', (world) => world.pause('acme', 60_000)],
    [
      'that Genesys Cloud asked for',
      async (world) => void (await world.work('j1', { kind: 'throttled', retryAfterMs: 60_000 })),
    ],
  ])('keeps a pause %s', async (_whose, begin) => {
    const world = await openBusy();
    await begin(world);
    await world.flow.forgive(BUCKET);
    expect((await state(world)).pausedForMs).toBe(60_000);
  });
});

const BUCKET = { tenantId: 'acme', bucketClass: 'messages' } as const;

/** Forty jobs, each in a lane of its own, and tokens for them. */
async function openBusy(): Promise<World> {
  const world = openWorld();
  await world.configure('acme', { capacity: 100, ratePerSecond: 100 });
  await world.accept(Array.from({ length: 40 }, (_, index) => ({ id: `j${index + 1}` })));
  return world;
}

const state = (world: World) => world.flow.status(BUCKET);

function gaps(moments: readonly number[]): number[] {
  return moments.slice(1).map((moment, index) => moment - (moments[index] ?? 0));
}
