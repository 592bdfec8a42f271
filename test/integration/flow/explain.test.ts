import { describe, expect, test } from 'vitest';
import type { Waiting } from '../../../src/flow/wait-reason.ts';
import { explain } from '../../support/flow/explain.ts';
import { ATTEMPT_MS, FAILED, openWorld } from '../../support/flow/world.ts';
import type { World } from '../../support/flow/world-shapes.ts';

const SLOW = { capacity: 1, ratePerSecond: 0.5 };
const FAST = { capacity: 100, ratePerSecond: 100 };
const DOWN = { kind: 'unavailable', delayMs: 30_000 } as const;

async function open(limit = FAST): Promise<World> {
  const world = openWorld();
  await world.configure('acme', limit);
  return world;
}

/** The moment of an explanation, ms from now. */
function untilIn(world: World, { until }: Waiting): number {
  return Date.parse(until ?? '') - world.now();
}

describe('a job waits', () => {
  test('behind the head of its conversation', async () => {
    const world = await open();
    await world.accept([
      { id: 'j1', lane: 'c' },
      { id: 'j2', lane: 'c' },
      { id: 'j3', lane: 'c' },
    ]);

    expect(await explain(world, 'j3')).toEqual({
      reason: 'order',
      sentence: 'It is number 3, and waits for number 1 of its conversation (job j1) to end.',
      until: null,
      behind: { sequence: 1, jobId: 'j1' },
    });
    await world.work('j1');
    expect(await explain(world, 'j3')).toMatchObject({ behind: { sequence: 2, jobId: 'j2' } });
    await world.work('j2');
    expect((await explain(world, 'j3')).reason).toBe('none');
  });

  test('for the rate limit, until the moment of its reservation', async () => {
    const world = await open(SLOW);
    await world.accept([{ id: 'j1' }, { id: 'j2' }]);
    await world.work('j1');

    const waiting = await explain(world, 'j2');

    expect(waiting.reason).toBe('rate');
    expect(untilIn(world, waiting)).toBeCloseTo(2000, -3);
    world.pass(untilIn(world, waiting));
    expect(await world.work('j2')).toMatchObject({ verdict: 'go' });
  });

  test('in the wait queue, at its place', async () => {
    const world = await open(SLOW);
    await world.accept(['j1', 'j2', 'j3', 'j4', 'j5'].map((id) => ({ id })));

    expect(await explain(world, 'j4')).toMatchObject({ reason: 'queue', position: 2, until: null });
    expect((await explain(world, 'j4')).sentence).toBe(
      'It has place 2 of 3 in the wait queue of its tenant.',
    );
  });

  test('for the end of a pause, and why there is one', async () => {
    const world = await open();
    await world.accept([{ id: 'j1' }]);
    await world.pause('acme', 60_000);

    const waiting = await explain(world, 'j1');

    expect(waiting).toMatchObject({ reason: 'paused', pausedFor: 'by hand' });
    expect(untilIn(world, waiting)).toBe(60_000);
    expect(waiting.sentence).toMatch(/^Its tenant is paused until \S+ \(by hand\)\.$/);
    await world.resume('acme');
    expect((await explain(world, 'j1')).reason).not.toBe('paused');
  });

  test('for a pause that Genesys Cloud asked for', async () => {
    const world = await open();
    await world.accept([{ id: 'j1' }, { id: 'j2' }]);
    await world.work('j1', { kind: 'throttled', retryAfterMs: 7000 });

    for (const id of ['j1', 'j2']) {
      const waiting = await explain(world, id);
      expect(waiting).toMatchObject({ reason: 'paused', pausedFor: 'rate-limited' });
      expect(untilIn(world, waiting)).toBeGreaterThanOrEqual(7000);
    }
  });

  test('for the circuit, with the moment of the probe, and then for its answer', async () => {
    const world = await open();
    const ids = ['j1', 'j2', 'j3', 'j4', 'j5', 'j6', 'j7', 'j8'];
    await world.accept(ids.map((id) => ({ id })));
    for (const id of ids.slice(0, 5)) await world.work(id, DOWN);

    const waiting = await explain(world, 'j8');
    expect(waiting.reason).toBe('circuit-open');
    expect(untilIn(world, waiting)).toBe(1000);

    world.pass(1000);
    const probe = await world.start('j6');
    expect(probe.admission.verdict).toBe('go');
    await world.work('j8');
    expect(await explain(world, 'j8')).toMatchObject({ reason: 'circuit-open', until: null });
    await world.conclude(probe);
    expect((await explain(world, 'j8')).reason).not.toBe('circuit-open');
  });

  test('for a worker that knows its tenant', async () => {
    const world = openWorld();
    await world.accept([{ id: 'j1' }]);
    expect((await explain(world, 'j1')).reason).toBe('unconfigured');
    await world.work('j1');
    expect((await explain(world, 'j1')).reason).toBe('unconfigured');
    await world.configure('acme', FAST);
    expect((await explain(world, 'j1')).reason).toBe('none');
  });

  test('for the concurrency limit', async () => {
    const world = openWorld();
    await world.configure('acme', { ...FAST, inFlight: 2 });
    await world.accept(['j1', 'j2', 'j3', 'j4'].map((id) => ({ id })));
    const runs = [await world.start('j1'), await world.start('j2')];
    await world.work('j3');

    const waiting = await explain(world, 'j3');

    expect(waiting).toMatchObject({ reason: 'concurrency', until: null });
    expect(waiting.sentence).toMatch(/^2 requests of its tenant are under way, and 2 may be\./);
    for (const run of runs) await world.conclude(run);
    expect((await explain(world, 'j3')).reason).not.toBe('concurrency');
  });

  test('for its next attempt', async () => {
    const world = await open();
    await world.accept([{ id: 'j1' }]);
    await world.work('j1', DOWN);

    const waiting = await explain(world, 'j1', { failedCode: 'GENESYS_UNAVAILABLE' });

    expect(waiting.reason).toBe('retry');
    expect(untilIn(world, waiting)).toBe(30_000);
    expect(waiting.sentence).toMatch(
      /^The last attempt failed \(GENESYS_UNAVAILABLE\)\. The next attempt is due at /,
    );
  });

  test('until the request of a dead worker is certainly over', async () => {
    const world = await open();
    await world.accept([{ id: 'j1' }]);
    world.die(await world.start('j1'), 10_000);
    world.pass(10_000);

    const waiting = await explain(world, 'j1');

    expect(waiting.reason).toBe('retry');
    expect(untilIn(world, waiting)).toBe(ATTEMPT_MS - 10_000);
    expect(await world.work('j1')).toMatchObject({ verdict: 'wait' });
    world.pass(ATTEMPT_MS - 10_000);
    expect(await world.work('j1')).toMatchObject({ verdict: 'go' });
  });

  test('for its steps', async () => {
    const world = await open();
    await world.accept([{ id: 'j1' }]);
    const waiting = await explain(world, 'j1', { state: 'waiting-children', pendingSteps: 3 });
    expect(waiting).toMatchObject({ reason: 'steps', until: null });
    expect(waiting.sentence).toBe('It waits for the jobs that it began; 3 have not ended.');
  });

  test('in a halted conversation, and so does the job that halts it', async () => {
    const world = await open();
    await world.accept([
      { id: 'j1', lane: 'c', onFailure: 'halt' },
      { id: 'j2', lane: 'c' },
    ]);
    await world.work('j1', FAILED);

    expect(await explain(world, 'j1')).toMatchObject({ reason: 'halted', until: null });
    expect(await explain(world, 'j2')).toMatchObject({
      reason: 'halted',
      behind: { sequence: 1, jobId: 'j1' },
    });
    await world.cancel('j1');
    expect((await explain(world, 'j2')).reason).toBe('none');
  });

  test('held, when it may have been delivered', async () => {
    const world = await open();
    await world.accept([{ id: 'j1', onUnknownOutcome: 'hold' }]);
    world.die(await world.start('j1'), 40_000);
    world.pass(40_000);
    await world.work('j1');
    expect(await explain(world, 'j1')).toMatchObject({ reason: 'held', until: null });
  });
});

describe('a job does not wait', () => {
  test('while a worker has it, and when it has ended', async () => {
    const world = await open();
    await world.accept([{ id: 'j1' }]);
    const run = await world.start('j1');
    expect(await explain(world, 'j1')).toMatchObject({ reason: 'none', sentence: 'A worker runs it now.' });
    await world.conclude(run);
    await world.leave(run);
    expect(await explain(world, 'j1')).toMatchObject({ sentence: 'It has ended: it was delivered.' });
  });

  test('once it was cancelled', async () => {
    const world = await open(SLOW);
    await world.accept(['j1', 'j2', 'j3', 'j4'].map((id) => ({ id })));
    await world.cancel('j4');
    expect((await explain(world, 'j4')).reason).toBe('none');
  });
});
