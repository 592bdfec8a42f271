import { describe, expect, test } from 'vitest';
import { work } from '../../support/flow/crew.ts';
import { openWorld, RETRY_FOR_MS, SENT } from '../../support/flow/world.ts';
import type { Reply, World } from '../../support/flow/world-shapes.ts';

const HOUR_MS = 3_600_000;
const FAILING: Reply = { kind: 'retry', delayMs: HOUR_MS };

describe('a job that fails', () => {
  test('has its last attempt at the end of its time, and not earlier', async () => {
    const world = await open();
    await fail(world);
    for (let hour = 1; hour < RETRY_FOR_MS / HOUR_MS; hour++) {
      world.pass(HOUR_MS);
      expect(await fail(world)).toMatchObject({ verdict: 'go', isLastAttempt: false });
    }
    world.pass(HOUR_MS);
    expect(await fail(world)).toMatchObject({ verdict: 'go', isLastAttempt: true });
  });

  test('counts its time from its first attempt, not from its acceptance', async () => {
    const world = await open();
    await world.pause('acme', 3 * RETRY_FOR_MS);
    world.pass(3 * RETRY_FOR_MS);
    expect(await fail(world)).toMatchObject({ isLastAttempt: false });
    world.pass(HOUR_MS);
    expect(await fail(world)).toMatchObject({ isLastAttempt: false });
  });

  test('waits no longer than the remaining time', async () => {
    const world = await open();
    const { ref } = world.jobs.get('j') ?? expect.fail();
    await world.start('j');
    const failure = { attempt: { retryForMs: 5000, elapsedMs: 1000 } };
    const back = await world.flow.reschedule(ref, 1, HOUR_MS, { verdict: 'unavailable' }, failure);
    expect(back).toMatchObject({ waitMs: 4000, isOver: false });
  });

  test('waits as long as Genesys Cloud asks, also beyond its time', async () => {
    const world = await open();
    const { ref } = world.jobs.get('j') ?? expect.fail();
    await world.start('j');
    const answer = { verdict: 'unavailable', retryAfterMs: 9000 } as const;
    const failure = { attempt: { retryForMs: 5000, elapsedMs: 1000 } };
    expect(await world.flow.reschedule(ref, 1, 9000, answer, failure)).toMatchObject({ waitMs: 9000 });
  });

  test('has its full time again after an operator redrives it', async () => {
    const world = await open();
    await fail(world);
    world.pass(RETRY_FOR_MS);
    const run = await world.start('j');
    expect(run.admission).toMatchObject({ isLastAttempt: true });
    await world.conclude(run, { kind: 'failed' });
    await world.leave(run);
    await world.retry('j');
    expect(await fail(world)).toMatchObject({ verdict: 'go', isLastAttempt: false });
  });
});

describe('a job that fails each time', () => {
  test('does not hold up other jobs of its tenant, because probes take turns', async () => {
    const world = openWorld();
    await world.configure('acme', { capacity: 100, ratePerSecond: 100 });
    await world.accept([{ id: 'poison', urgent: true }]);
    const reply = ({ job }: { job: { id: string } }): Reply =>
      job.id === 'poison' ? { kind: 'unavailable', delayMs: 500 } : SENT;
    // It opens the circuit on its own.
    await work(world, 30_000, { answerMs: 20, reply });
    await world.accept(Array.from({ length: 20 }, (_, n) => ({ id: `well-${n}` })));

    await work(world, 60_000, { answerMs: 20, reply });

    const sent = [...world.jobs.values()].filter(({ end }) => end === 'sent');
    expect(sent).toHaveLength(20);
  });
});

async function open(): Promise<World> {
  const world = openWorld();
  await world.configure('acme', { capacity: 100, ratePerSecond: 100 });
  await world.accept([{ id: 'j' }]);
  return world;
}

async function fail(world: World) {
  return await world.work('j', FAILING);
}
