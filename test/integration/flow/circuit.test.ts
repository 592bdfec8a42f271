import { describe, expect, test } from 'vitest';
import { work } from '../../support/flow/crew.ts';
import { ATTEMPT_MS, openWorld } from '../../support/flow/world.ts';
import type { Reply, World } from '../../support/flow/world-shapes.ts';

/** The next attempt of a failed job comes after the end of each test. */
const DOWN: Reply = { kind: 'unavailable', delayMs: 600_000 };

describe('the circuit', () => {
  test('opens with the fifth failure in a row', async () => {
    const world = await openBusy();
    await fail(world, ['j1', 'j2', 'j3', 'j4']);
    expect(await state(world)).toMatchObject({ failures: 4, pausedForMs: 0 });

    await fail(world, ['j5']);
    expect(await state(world)).toMatchObject({ failures: 5, pausedForMs: 1000, reason: 'circuit-open' });
  });

  test.for(['after', 'before'] as const)(
    'counts a failure once %s admission, although the command is repeated after a lost reply',
    async (when) => {
      const world = await openBusy();
      const run = when === 'after' ? await world.start('j1') : undefined;
      const { ref } = world.jobs.get('j1') ?? expect.fail();
      for (let times = 0; times < 5; times++) {
        await world.flow.reschedule(ref, 1, 1000, { verdict: 'unavailable' });
      }
      expect(await state(world)).toMatchObject({ failures: 1, pausedForMs: 0 });
      if (run) expect(run.admission.verdict).toBe('go');
    },
  );

  test('stays closed when a success comes between the failures', async () => {
    const world = await openBusy();
    await fail(world, ['j1', 'j2', 'j3', 'j4']);
    await world.work('j5');
    await fail(world, ['j6', 'j7', 'j8', 'j9']);
    expect(await state(world)).toMatchObject({ failures: 4, pausedForMs: 0 });
  });

  test('lets one probe go, with any number of due jobs', async () => {
    const world = await openBroken();
    await work(world, 20_000, { answerMs: 25_000, reply: () => DOWN });
    expect(world.grants).toHaveLength(6);
  });

  test('lets one probe go at a time, and waits twice as long after each, up to a minute', async () => {
    const world = await openBroken();
    await work(world, 200_000, { answerMs: 100, reply: () => DOWN });
    const probes = world.grants.slice(4).map(({ atMs }) => atMs);
    expect(gaps(probes).map(inTenths)).toEqual([10, 21, 41, 81, 161, 321, 601, 601]);
  });

  test('follows its probe only: failures of earlier requests let no other job go', async () => {
    const world = await openBusy();
    const sent = [];
    for (const { id } of [...world.due]) sent.push(await world.start(id));
    for (const run of sent.slice(0, 5)) await world.conclude(run, DOWN);
    await world.accept([{ id: 'probe' }, { id: 'next' }]);
    world.pass(1000);
    expect(await world.start('probe')).toMatchObject({ admission: { verdict: 'go' } });

    for (const run of sent.slice(5, 10)) await world.conclude(run, DOWN);

    expect(await state(world)).toMatchObject({ pausedForMs: 0 });
    expect(await world.work('next')).not.toMatchObject({ verdict: 'go' });
  });

  test('opens for longer each time when jobs fail before they ask for admission', async () => {
    const world = await openBroken();
    world.pass(1000);
    await world.failEarly('j6', DOWN);
    expect(await state(world)).toMatchObject({ pausedForMs: 2000, reason: 'circuit-open' });

    await world.failEarly('j7', DOWN);
    expect(await state(world)).toMatchObject({ pausedForMs: 2000 });
    world.pass(2000);
    await world.failEarly('j8', DOWN);
    expect(await state(world)).toMatchObject({ pausedForMs: 4000 });
  });

  test('closes when the probe succeeds, and the waiting jobs go at once', async () => {
    const world = await openBroken();
    const openedAtMs = world.now();
    await work(world, 5000, { answerMs: 100 });
    const waited = world.grants.slice(5);
    expect(inTenths((waited[0]?.atMs ?? 0) - openedAtMs)).toBe(10);
    expect(waited).toHaveLength(world.jobs.size - 5);
    expect(await state(world)).toMatchObject({ failures: 0, reason: '' });
  });

  test('closes when the probe gets a 429, because Genesys Cloud answers', async () => {
    const world = await openBroken();
    const openedAtMs = world.now();
    const replies: Reply[] = [{ kind: 'throttled', retryAfterMs: 2000 }];
    await work(world, 10_000, { answerMs: 100, reply: () => replies.pop() ?? { kind: 'sent' } });
    expect(inTenths((world.grants[6]?.atMs ?? 0) - openedAtMs)).toBe(31);
    expect(world.grants).toHaveLength(world.jobs.size + 1);
  });

  test('lets another probe go after the worker of the first one died', async () => {
    const world = await openBroken();
    world.pass(1000);
    const [first] = world.due;
    world.die(await world.start(first?.id ?? ''), 3_600_000);
    const probedAtMs = world.now();

    await work(world, ATTEMPT_MS + 5000, { answerMs: 100 });

    expect(world.grants[6]?.atMs).toBeGreaterThanOrEqual(probedAtMs + ATTEMPT_MS);
    expect(world.grants.length).toBeGreaterThan(7);
  });

  test('of one tenant does not affect other tenants', async () => {
    const world = await openBroken();
    await world.configure('other', { capacity: 100, ratePerSecond: 100 });
    await world.accept([{ id: 'x', tenant: 'other' }]);
    expect(await world.work('x')).toMatchObject({ verdict: 'go' });
  });
});

/** Forty jobs, each in a lane of its own, and tokens for them. */
async function openBusy(): Promise<World> {
  const world = openWorld();
  await world.configure('acme', { capacity: 100, ratePerSecond: 100 });
  await world.accept(Array.from({ length: 40 }, (_, index) => ({ id: `j${index + 1}` })));
  return world;
}

/** The circuit has just opened. */
async function openBroken(): Promise<World> {
  const world = await openBusy();
  await fail(world, ['j1', 'j2', 'j3', 'j4', 'j5']);
  return world;
}

async function fail(world: World, ids: readonly string[]): Promise<void> {
  for (const id of ids) await world.work(id, DOWN);
}

const state = (world: World) => world.flow.status({ tenantId: 'acme', bucketClass: 'messages' });

function gaps(moments: readonly number[]): number[] {
  return moments.slice(1).map((moment, index) => moment - (moments[index] ?? 0));
}

/** Whole tenths of a second: the first job after a pause may be an interval or two late. */
const inTenths = (ms: number) => Math.floor(ms / 100);
