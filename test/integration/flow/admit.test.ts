import { describe, expect, test } from 'vitest';
import { ATTEMPT_MS, FAILED, openWorld } from '../../support/flow/world.ts';
import type { World } from '../../support/flow/world-shapes.ts';

/** One request per 100 ms, one at once, and 100 ms of grace. */
const SLOW = { capacity: 1, ratePerSecond: 10 };
const FAST = { capacity: 1000, ratePerSecond: 1000 };

describe('a job that expires before its turn', () => {
  test('returns at that moment by the clock of Redis, and expires', async () => {
    const world = openWorld();
    await world.configure('acme', { capacity: 100, ratePerSecond: 100 });
    await world.accept([
      { id: 'a', lane: 'c' },
      { id: 'b', lane: 'c', expiresAtMs: world.now() + 10_000 },
    ]);
    await world.start('a');
    world.pass(7000);
    expect(await world.work('b')).toMatchObject({ verdict: 'wait', waitMs: 3000, reason: 'lane' });
    world.pass(3000);
    expect(await world.work('b')).toMatchObject({ verdict: 'expired' });
    expect(world.jobs.get('b')?.starts).toBe(2);
  });
});

describe('a job may send', () => {
  test('if it is the head of its lane and has a token', async () => {
    const world = await openFast();
    await world.accept([{ id: 'a', lane: 'c' }]);
    expect(await world.work('a')).toMatchObject({ verdict: 'go', mayBeRepetition: false, sequence: 1 });
  });

  test('and the ledger then says that a request may be under way', async () => {
    const world = await openFast();
    await world.accept([{ id: 'a', lane: 'c' }]);
    expect(await world.ledger('a')).toBeNull();

    const run = await world.start('a');
    expect(await world.ledger('a')).toMatch(/^running 1 /);

    await world.conclude(run);
    expect(await world.ledger('a')).toBe('sent {}');
  });

  test('at the end of its lane if it was added without acceptance', async () => {
    const world = await openFast();
    await world.accept([{ id: 'a', lane: 'c' }]);
    await world.add({ id: 'stranger', lane: 'c' });
    expect(await world.work('stranger')).toMatchObject({ verdict: 'park', reason: 'lane', sequence: 2 });

    await world.work('a');
    expect(await world.work('stranger')).toMatchObject({ verdict: 'go', sequence: 2 });
  });

  test('once per run, also if the command is repeated', async () => {
    const world = openWorld();
    await world.configure('acme', { capacity: 1, ratePerSecond: 0.1 });
    await world.accept([{ id: 'a', lane: 'c' }]);
    const { ref } = world.jobs.get('a') ?? expect.fail();
    const run = { number: 1, onUnknownOutcome: 'hold' as const };

    const first = await world.flow.admit(ref, run);
    world.pass(20);
    const again = await world.flow.admit(ref, run);

    expect(first).toMatchObject({ verdict: 'go', mayBeRepetition: false });
    expect(again).toMatchObject({ verdict: 'go', mayBeRepetition: false, sequence: first.sequence });
    await world.accept([{ id: 'b' }]);
    // The next token comes after 10 s, less the 20 ms that passed and 100 ms of grace. So one was
    // taken.
    expect(await world.work('b')).toMatchObject({ verdict: 'wait', waitMs: 9_880 });
  });
});

describe('a job waits', () => {
  test('for its reservation if all tokens are taken', async () => {
    const world = await openSlow();
    await world.accept(['a', 'b', 'c'].map((id) => ({ id })));

    expect(await world.work('a')).toMatchObject({ verdict: 'go' });
    expect(await world.work('b')).toMatchObject({ verdict: 'go' });
    expect(await world.work('c')).toMatchObject({ verdict: 'wait', waitMs: 100, reason: 'rate' });
    world.pass(99);
    expect(await world.work('c')).toMatchObject({ verdict: 'wait', waitMs: 1 });
    world.pass(1);
    expect(await world.work('c')).toMatchObject({ verdict: 'go' });
  });

  test('until the attempt of a dead worker is certainly over, and may then be a repetition', async () => {
    const world = await openFast();
    await world.accept([{ id: 'a', lane: 'c' }]);
    world.die(await world.start('a'));
    world.pass(ATTEMPT_MS - 1000);

    expect(await world.work('a')).toMatchObject({ verdict: 'wait', waitMs: 1000, reason: 'unknown' });
    world.pass(1000);
    expect(await world.work('a')).toMatchObject({ verdict: 'go', mayBeRepetition: true });
  });

  test('until a pause is over', async () => {
    const world = await openFast();
    await world.accept([{ id: 'a' }]);
    await world.pause('acme', 5000);
    expect(await world.work('a')).toMatchObject({ verdict: 'wait', waitMs: 5000, reason: 'by hand' });
  });
});

describe('a job is parked', () => {
  test('behind another job of its lane', async () => {
    const world = await openFast();
    await world.accept([
      { id: 'a', lane: 'c' },
      { id: 'b', lane: 'c' },
    ]);
    expect(await world.work('b')).toMatchObject({ verdict: 'park', reason: 'lane', sequence: 2 });
  });

  test('in the wait queue if no reservation is within the horizon', async () => {
    const world = openWorld();
    await world.configure('acme', { capacity: 1, ratePerSecond: 0.1 });
    await world.accept(['a', 'b', 'c', 'd'].map((id) => ({ id })));
    expect(await world.work('a')).toMatchObject({ verdict: 'go' });
    expect(await world.work('d')).toMatchObject({ verdict: 'park', reason: 'waiting' });
  });

  test('while its bucket has no configuration', async () => {
    const world = openWorld();
    await world.accept([{ id: 'a' }]);
    expect(await world.work('a')).toMatchObject({ verdict: 'park', reason: 'unconfigured' });
  });
});

describe('a job is not sent', () => {
  test('if it was delivered before and BullMQ runs it again', async () => {
    const world = await openFast();
    await world.accept([{ id: 'a', lane: 'c' }]);
    const run = await world.start('a');
    await world.conclude(run);
    world.die(run);
    expect(await world.work('a')).toMatchObject({ verdict: 'done', entry: 'sent {}' });
  });

  test('if it failed for good before', async () => {
    const world = await openFast();
    await world.accept([{ id: 'a', lane: 'c' }]);
    await world.work('a', FAILED);
    expect(await world.work('a')).toMatchObject({ verdict: 'done', entry: 'failed {}' });
  });

  test('if it was cancelled', async () => {
    const world = await openFast();
    await world.accept([{ id: 'a', lane: 'c' }]);
    expect(await world.cancel('a')).toBe('released');
    expect(await world.work('a')).toMatchObject({ verdict: 'done', entry: 'cancelled {}' });
  });

  test('if it has expired, also before its turn', async () => {
    const world = await openFast();
    const expiresAtMs = world.now() + 1000;
    await world.accept([
      { id: 'a', lane: 'c', expiresAtMs },
      { id: 'b', lane: 'c', expiresAtMs },
    ]);
    world.pass(1000);
    expect(await world.work('b')).toMatchObject({ verdict: 'expired' });
    expect(await world.work('a')).toMatchObject({ verdict: 'expired' });
    expect(await world.ledger('b')).toBe('expired {}');
  });

  test('if it may have been delivered and its job says hold', async () => {
    const world = await openFast();
    await world.accept([{ id: 'a', lane: 'c', onUnknownOutcome: 'hold' }]);
    world.die(await world.start('a'));
    world.pass(ATTEMPT_MS - 1);
    expect(await world.work('a')).toMatchObject({ verdict: 'wait' });
    world.pass(1);
    expect(await world.work('a')).toMatchObject({ verdict: 'unknown' });
  });

  test('if an answer was lost and its job is held for that alone, and not for the death of its worker', async () => {
    const world = await openFast();
    await world.accept([
      { id: 'a', lane: 'c', onUnknownOutcome: 'hold unanswered' },
      { id: 'b', lane: 'd', onUnknownOutcome: 'hold unanswered' },
    ]);
    world.die(await world.start('a'));
    await world.work('b', { kind: 'unknown', delayMs: 1000 });
    world.pass(ATTEMPT_MS);
    expect(await world.work('a')).toMatchObject({ verdict: 'go' });
    expect(await world.work('b')).toMatchObject({ verdict: 'unknown' });
  });

  test('and is held, not expired, if it may have been delivered', async () => {
    const world = await openFast();
    const expiresAtMs = world.now() + 1000;
    await world.accept([{ id: 'a', lane: 'c', onUnknownOutcome: 'hold', expiresAtMs }]);
    world.die(await world.start('a'));
    world.pass(ATTEMPT_MS);
    expect(await world.work('a')).toMatchObject({ verdict: 'unknown' });
  });

  test('if its worker died, and the next worker failed before its admission', async () => {
    const world = await openFast();
    await world.accept([{ id: 'a', lane: 'c', onUnknownOutcome: 'hold' }]);
    world.die(await world.start('a'));
    world.pass(ATTEMPT_MS);
    await world.failEarly('a', { kind: 'unavailable', delayMs: 1000 });
    world.pass(1000);
    expect(await world.work('a')).toMatchObject({ verdict: 'unknown' });
  });
});

async function openSlow(): Promise<World> {
  const world = openWorld();
  await world.configure('acme', SLOW);
  return world;
}

async function openFast(): Promise<World> {
  const world = openWorld();
  await world.configure('acme', FAST);
  return world;
}
