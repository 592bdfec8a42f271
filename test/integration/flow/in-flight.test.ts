import { describe, expect, test } from 'vitest';
import { work } from '../../support/flow/crew.ts';
import { ATTEMPT_MS, openWorld, SENT, type World } from '../../support/flow/world.ts';

const IN_FLIGHT = 5;
const LIMIT = { capacity: 1000, ratePerSecond: 1000, inFlight: IN_FLIGHT };

describe('requests of a tenant under way at the same time', () => {
  test('are no more than it may have; the others wait in line and are woken one by one', async () => {
    const world = await openBusy(40);
    const started = await startAllDue(world);
    expect(world.grants).toHaveLength(IN_FLIGHT);

    for (const activation of started) {
      await world.settle(activation, SENT);
      await world.leave(activation);
      expect(world.due.length).toBe(1);
      await world.start(world.due[0]?.id ?? '');
    }
    expect(world.grants).toHaveLength(2 * IN_FLIGHT);
  });

  test('are never more however they overlap, and all of them are sent', async () => {
    const world = await openBusy(400);
    await work(world, 20_000, { answerMs: 50 });
    expect(world.grants).toHaveLength(400);
    const starts = world.grants.map(({ atMs }) => atMs);
    const together = starts.map(
      (atMs) => starts.filter((other) => other <= atMs && other > atMs - 50).length,
    );
    expect(Math.max(...together)).toBe(IN_FLIGHT);
  });

  test('do not count what waits for its next attempt', async () => {
    const world = await openBusy(20);
    for (const activation of await startAllDue(world)) {
      await world.settle(activation, { kind: 'retry', delayMs: 600_000 });
      await world.leave(activation);
    }
    await startAllDue(world);
    expect(world.grants).toHaveLength(2 * IN_FLIGHT);
  });

  test('do not count those of a worker that died, once they are certainly over', async () => {
    const world = await openBusy(20);
    for (const activation of await startAllDue(world)) world.die(activation, ATTEMPT_MS * 10);
    await world.reconcile();
    expect(world.grants).toHaveLength(IN_FLIGHT);

    world.pass(ATTEMPT_MS + 1);
    await world.reconcile();
    await startAllDue(world);

    expect(world.grants.length).toBeGreaterThan(IN_FLIGHT);
  });

  test('are more as soon as more are allowed', async () => {
    const world = await openBusy(20);
    await startAllDue(world);
    await world.configure('acme', { ...LIMIT, inFlight: 8 });
    await startAllDue(world);
    expect(world.grants).toHaveLength(8);
  });
});

async function openBusy(jobs: number): Promise<World> {
  const world = openWorld();
  await world.configure('acme', LIMIT);
  await world.accept(Array.from({ length: jobs }, (_, index) => ({ id: `j${index}` })));
  return world;
}

/** Workers take whatever is due, until nothing is. */
async function startAllDue(world: World) {
  const started = [];
  for (let next = world.due[0]; next; next = world.due[0]) {
    const activation = await world.start(next.id);
    if (activation.admission.verdict === 'go') started.push(activation);
    else await world.leave(activation);
  }
  return started;
}
