import { describe, expect, test } from 'vitest';
import { inFlightOf } from '../../../src/tenants/limits.ts';
import { work } from '../../support/flow/crew.ts';
import { ATTEMPT_MS, openWorld, SENT } from '../../support/flow/world.ts';
import type { World } from '../../support/flow/world-shapes.ts';

const IN_FLIGHT = 5;
const LIMIT = { capacity: 1000, ratePerSecond: 1000, inFlight: IN_FLIGHT };

describe('concurrent requests of a tenant', () => {
  test('keep the limit, and the other jobs wait and are woken one by one', async () => {
    const world = await openBusy(40);
    const started = await startAllDue(world);
    expect(world.grants).toHaveLength(IN_FLIGHT);

    for (const run of started) {
      await world.conclude(run, SENT);
      await world.leave(run);
      expect(world.due.length).toBe(1);
      await world.start(world.due[0]?.id ?? '');
    }
    expect(world.grants).toHaveLength(2 * IN_FLIGHT);
  });

  test('keep the limit in any overlap, and all jobs are sent', async () => {
    const world = await openBusy(400);
    await work(world, 20_000, { answerMs: 50 });
    expect(world.grants).toHaveLength(400);
    const starts = world.grants.map(({ atMs }) => atMs);
    const together = starts.map(
      (atMs) => starts.filter((other) => other <= atMs && other > atMs - 50).length,
    );
    expect(Math.max(...together)).toBe(IN_FLIGHT);
  });

  test('do not include jobs that wait for their next attempt', async () => {
    const world = await openBusy(20);
    for (const run of await startAllDue(world)) {
      await world.conclude(run, { kind: 'retry', delayMs: 600_000 });
      await world.leave(run);
    }
    await startAllDue(world);
    expect(world.grants).toHaveLength(2 * IN_FLIGHT);
  });

  test('do not include those of a dead worker that are certainly over', async () => {
    const world = await openBusy(20);
    for (const run of await startAllDue(world)) world.die(run, ATTEMPT_MS * 10);
    await world.reconcile();
    expect(world.grants).toHaveLength(IN_FLIGHT);

    world.pass(ATTEMPT_MS + 1);
    await world.reconcile();
    await startAllDue(world);

    expect(world.grants.length).toBeGreaterThan(IN_FLIGHT);
  });

  test('of a dead worker do not stop other jobs before they are certainly over', async () => {
    const world = await openBusy(100);
    for (const run of await startAllDue(world)) world.die(run, ATTEMPT_MS * 10);
    await work(world, 5000);
    expect(world.grants).toHaveLength(IN_FLIGHT);

    await work(world, 15_000, { answerMs: 100 });

    expect(world.grants.length).toBeGreaterThanOrEqual(IN_FLIGHT + 45);
    expect(startsPerJob(world)).toBe(1);
  });

  test('to a hanging host exceed the limit by at most a tenth', async () => {
    const world = openWorld();
    await world.configure('acme', { ...LIMIT, inFlight: 20 });
    await world.accept(Array.from({ length: 100 }, (_, index) => ({ id: `j${index}` })));
    await work(world, ATTEMPT_MS - 1000, { answerMs: ATTEMPT_MS });
    expect(world.grants).toHaveLength(22);
  });

  test('use the full rate if answers take just under two seconds, with one start per job', async () => {
    const world = openWorld({ latenessMs: ({ id }) => (Number(id.slice(1)) * 7) % 50 });
    await world.configure('acme', {
      capacity: 100,
      ratePerSecond: 100,
      inFlight: inFlightOf({ ratePerSecond: 100 }),
    });
    await world.accept(Array.from({ length: 1500 }, (_, index) => ({ id: `j${index}` })));
    const startMs = world.now();
    await work(world, 8000, { answerMs: 1900 });
    const afterBurst = world.grants.filter(({ atMs }) => atMs >= startMs + 2000);
    expect(afterBurst.length).toBeGreaterThanOrEqual(0.99 * 600);
    expect(startsPerJob(world)).toBe(1);
  });

  test('have a default limit: two seconds at the full rate, and at least ten', () => {
    expect(inFlightOf({ ratePerSecond: 100 })).toBe(200);
    expect(inFlightOf({ ratePerSecond: 100 / 60 })).toBe(10);
    expect(inFlightOf({ ratePerSecond: 100, inFlight: 7 })).toBe(7);
  });

  test('grow as soon as the limit is raised', async () => {
    const world = await openBusy(20);
    await startAllDue(world);
    await world.configure('acme', { ...LIMIT, inFlight: 8 });
    await startAllDue(world);
    expect(world.grants).toHaveLength(8);
  });
});

/** Of the jobs that were started. */
function startsPerJob(world: World): number {
  const starts = [...world.jobs.values()].map((job) => job.starts).filter((count) => count > 0);
  return starts.reduce((sum, count) => sum + count, 0) / starts.length;
}

async function openBusy(jobs: number): Promise<World> {
  const world = openWorld();
  await world.configure('acme', LIMIT);
  await world.accept(Array.from({ length: jobs }, (_, index) => ({ id: `j${index}` })));
  return world;
}

/** Workers start jobs until no job is due. */
async function startAllDue(world: World) {
  const started = [];
  for (let next = world.due[0]; next; next = world.due[0]) {
    const run = await world.start(next.id);
    if (run.admission.verdict === 'go') started.push(run);
    else await world.leave(run);
  }
  return started;
}
