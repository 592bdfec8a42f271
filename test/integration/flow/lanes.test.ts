import { describe, expect, test } from 'vitest';
import { allEnded, work } from '../../support/flow/crew.ts';
import { FAILED, openWorld } from '../../support/flow/world.ts';
import type { World } from '../../support/flow/world-shapes.ts';

describe('one lane', () => {
  test('is delivered in the order of acceptance', async () => {
    const world = await openFast();
    await world.accept(lane('c', ['a', 'b']));
    await world.accept(lane('c', ['c', 'd']));
    await work(world, 1000);
    expect(ids(world)).toEqual(['a', 'b', 'c', 'd']);
  });

  test('has one request under way at a time', async () => {
    const world = await openFast();
    await world.accept(lane('c', ['a', 'b', 'c']));
    await work(world, 1000, { answerMs: 100 });
    expect(gaps(world)).toEqual([100, 100]);
  });

  test('waits for the next attempt of its head', async () => {
    const world = await openFast();
    await world.accept(lane('c', ['a', 'b']));
    await world.work('a', { kind: 'retry', delayMs: 5000 });
    await work(world, 10_000);
    expect(ids(world)).toEqual(['a', 'a', 'b']);
    expect(gaps(world)[0]).toBe(5000);
  });

  test('continues behind a job that failed for good', async () => {
    const world = await openFast();
    await world.accept(lane('c', ['a', 'b']));
    await work(world, 1000, { reply: ({ job }) => (job.id === 'a' ? FAILED : { kind: 'sent' }) });
    expect(ids(world)).toEqual(['a', 'b']);
  });

  test('does not wait for jobs that expired or were cancelled before their turn', async () => {
    const world = await openFast();
    await world.accept([
      { id: 'a', lane: 'c' },
      { id: 'b', lane: 'c', expiresAtMs: world.now() + 10 },
      { id: 'c', lane: 'c' },
    ]);
    await world.accept(lane('c', ['d']));
    await world.cancel('c');
    await work(world, 1000, { answerMs: 50 });
    expect(ids(world)).toEqual(['a', 'd']);
    expect(world.jobs.get('b')?.end).toBe('expired');
    expect(world.jobs.get('c')?.end).toBe('cancelled');
  });
});

describe('the sequence numbers of a conversation', () => {
  test('count on from its last job, whether that waits or has ended', async () => {
    const world = await openFast();
    expect(await world.accept(lane('c', ['a', 'b']))).toEqual([1, 2]);
    await work(world, 1000);
    expect(await world.accept(lane('c', ['d']))).toEqual([3]);
    expect(await world.cancel('d')).toBe('released');
    expect(await world.accept(lane('c', ['e', 'f']))).toEqual([4, 5]);
  });

  test('count on after another program has removed its last job', async () => {
    const world = await openFast();
    await world.accept(lane('c', ['a', 'b']));
    await world.remove('b');
    await work(world, 1000);
    expect(await world.accept(lane('c', ['d']))).toEqual([3]);
  });

  test('are forgotten when the conversation rests, and only then', async () => {
    const world = await openFast();
    const lifeMs = () => world.client.pttl(`${world.keys.ownOf(0)}lane:acme:c`);
    await world.accept(lane('c', ['a']));
    expect(await lifeMs()).toBe(-1);
    await work(world, 1000);
    const restMs = 30 * 86_400_000;
    expect(await lifeMs()).toBeGreaterThan(restMs - 60_000);
    expect(await lifeMs()).toBeLessThanOrEqual(restMs);
    await world.accept(lane('c', ['b']));
    expect(await lifeMs()).toBe(-1);
  });

  test('of a job without a conversation leave nothing behind', async () => {
    const world = await openFast();
    await world.accept([{ id: 'a' }]);
    await work(world, 1000);
    expect(await world.client.keys(`${world.keys.ownOf(0)}lane:*`)).toEqual([]);
  });
});

describe('a long conversation', () => {
  /** The script looks at ended jobs once in a batch. */
  const BATCH = 64;
  const BATCHES = 30;
  const KEPT = 200;

  test.each([0, KEPT])(
    'takes memory for the jobs that Redis keeps, with %s old dead letters',
    async (old) => {
      const world = await openFast();
      const accepted: string[] = [];
      for (let batch = 0; batch < BATCHES; batch++) {
        const names = Array.from({ length: BATCH }, (_, index) => `job-${batch * BATCH + index}`);
        await world.accept(lane('c', names));
        accepted.push(...names);
        await work(world, 60_000, { answerMs: 1, reconcileEveryMs: 0, until: allEnded(world) });
        for (const id of accepted.splice(old, Math.max(0, accepted.length - old - KEPT)))
          await world.remove(id);
      }

      const size = await world.client.zcard(`${world.keys.ownOf(0)}lane:acme:c`);
      expect(size).toBeLessThan(2 * (KEPT + old + BATCH));
      expect(size).toBeGreaterThanOrEqual(KEPT + old);
    },
  );
});

describe('an urgent job', () => {
  test('overtakes the wait queue, within the rate', async () => {
    const world = openWorld();
    await world.configure('acme', { capacity: 1, ratePerSecond: 10 });
    await world.accept(Array.from({ length: 50 }, (_, index) => ({ id: `j${index + 1}` })));
    await work(world, 1000);
    const before = world.grants.length;

    await world.accept([{ id: 'urgent', urgent: true }]);
    const acceptedAtMs = world.now();
    await work(world, 3000);

    const granted = world.grants.find(({ id }) => id === 'urgent');
    // A lane keeps its reservation: one second of requests goes first.
    expect(granted?.atMs).toBeLessThanOrEqual(acceptedAtMs + 1200);
    expect(world.grants.indexOf(granted ?? expect.fail())).toBeLessThanOrEqual(before + 12);
  });

  test('overtakes no job of its own lane', async () => {
    const world = await openFast();
    await world.accept([...lane('c', ['a', 'b']), { id: 'urgent', lane: 'c', urgent: true }]);
    await work(world, 1000);
    expect(ids(world)).toEqual(['a', 'b', 'urgent']);
  });
});

describe('a lane that a failure halts', () => {
  test('sends no more jobs, not even those that are accepted later', async () => {
    const world = await openHalted();
    await world.accept(lane('c', ['late']));
    await work(world, 60_000);
    expect(ids(world)).toEqual(['a']);
    expect(world.jobs.get('a')?.end).toBe('failed');
  });

  test('does not hold up other lanes', async () => {
    const world = await openHalted();
    await world.accept(lane('other', ['x', 'y']));
    await work(world, 1000);
    expect(ids(world)).toEqual(['a', 'x', 'y']);
  });

  test('continues after an operator cancels its dead letter', async () => {
    const world = await openHalted();
    expect(await world.cancel('a')).toBe('released');
    await work(world, 1000);
    expect(ids(world)).toEqual(['a', 'b', 'c']);
    expect(await world.ledger('a')).toBe('failed {}');
  });

  test('continues with its head after an operator redrives it', async () => {
    const world = await openHalted();
    expect(await world.retry('a')).toBe(true);
    await work(world, 1000);
    expect(ids(world)).toEqual(['a', 'a', 'b', 'c']);
  });

  test('continues although the process that redrove its head died before the wake', async () => {
    const world = await openHalted();
    await work(world, 10_000);
    await world.redrive('a');
    await work(world, 30_000);
    expect(ids(world)).toEqual(['a', 'b', 'c']);
  });

  test('continues after its dead letter is removed', async () => {
    const world = await openHalted();
    await world.remove('a');
    await work(world, 30_000);
    expect(ids(world)).toEqual(['a', 'b', 'c']);
    expect(await world.ledger('a')).toBe('failed {}');
  });

  test('takes more jobs behind its own', async () => {
    const world = await openHalted();
    expect(await world.accept(lane('c', ['d', 'e']))).toEqual([4, 5]);
    await world.cancel('a');
    await work(world, 1000);
    expect(ids(world)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  test('stays halted after another one of its jobs is cancelled, which is then not sent', async () => {
    const world = await openHalted();
    expect(await world.cancel('b')).toBe('released');
    await work(world, 30_000);
    expect(ids(world)).toEqual(['a']);
    expect(world.jobs.get('b')?.end).toBe('cancelled');

    await world.cancel('a');
    await work(world, 1000);
    expect(ids(world)).toEqual(['a', 'c']);
  });

  test('stays halted after an earlier job of the lane is cancelled or redriven', async () => {
    const world = await openFast();
    await world.accept([
      { id: 'earlier', lane: 'c' },
      { id: 'a', lane: 'c', onFailure: 'halt' },
      { id: 'b', lane: 'c' },
    ]);
    await world.work('earlier', FAILED);
    await world.work('a', FAILED);
    expect(await world.cancel('earlier')).toBe('ended');
    await world.retry('earlier');
    await work(world, 30_000);
    expect(ids(world)).toEqual(['earlier', 'a']);

    await world.cancel('a');
    await work(world, 1000);
    expect(ids(world)).toEqual(['earlier', 'a', 'b', 'earlier']);
  });

  test('sends the jobs before the failed one', async () => {
    const world = openWorld();
    await world.accept([
      { id: 'a', lane: 'c', onFailure: 'halt' },
      { id: 'b', lane: 'c', onFailure: 'halt' },
      { id: 'c', lane: 'c' },
    ]);
    await world.failEarly('b', FAILED);
    await world.configure('acme', { capacity: 100, ratePerSecond: 100 });
    await work(world, 30_000);
    expect(ids(world)).toEqual(['a']);

    await world.cancel('b');
    await work(world, 1000);
    expect(ids(world)).toEqual(['a', 'c']);
  });
});

describe('cancelling a job', () => {
  test('that waits gives its reservation to the next job of its lane', async () => {
    const world = openWorld();
    await world.configure('acme', { capacity: 1, ratePerSecond: 1 });
    await world.accept([...lane('c', ['a', 'b', 'c']), ...lane('d', ['x'])]);
    await world.work('a');
    await work(world, 200);
    expect(await world.cancel('b')).toBe('released');
    await work(world, 2000);
    expect(ids(world)).toContain('c');
    expect(ids(world)).not.toContain('b');
  });

  test('with a reservation gives that to the wait queue', async () => {
    const world = openWorld();
    await world.configure('acme', { capacity: 1, ratePerSecond: 0.5 });
    await world.accept(Array.from({ length: 6 }, (_, index) => ({ id: `j${index + 1}` })));
    await world.work('j1');
    await world.cancel('j2');
    await world.cancel('j3');
    await work(world, 6500, { reconcileEveryMs: 0 });
    expect(ids(world)).toEqual(['j1', 'j4', 'j5', 'j6']);
  });

  test('takes effect although the process of the operator died before the wake', async () => {
    const world = await openFast();
    await world.accept(lane('c', ['a', 'b']));
    await world.flow.release(world.jobs.get('b')?.ref ?? expect.fail(), 'cancelled {}');
    await work(world, 10_000);
    expect(world.jobs.get('b')?.end).toBe('cancelled');
    expect(await world.client.exists(`${world.keys.ownOf(0)}cancelled`)).toBe(0);
  });

  test('twice, before a worker has ended it, succeeds and wakes it again', async () => {
    const world = await openFast();
    await world.accept(lane('c', ['a', 'b']));
    const ref = world.jobs.get('b')?.ref ?? expect.fail();
    await world.flow.release(ref, 'cancelled {}');
    expect(await world.cancel('b')).toBe('released');
    await work(world, 1000, { reconcileEveryMs: 0 });
    expect(world.jobs.get('b')?.end).toBe('cancelled');
    expect(await world.cancel('b')).toBe('ended');
  });

  test('does not stop a request that is under way', async () => {
    const world = await openFast();
    await world.accept(lane('c', ['a']));
    await world.start('a');
    expect(await world.cancel('a')).toBe('running');
  });
});

describe('a dead letter', () => {
  test('is not redriven if it was delivered', async () => {
    const world = await openFast();
    await world.accept(lane('c', ['a']));
    await world.work('a');
    expect(await world.retry('a')).toBe(false);
    await work(world, 1000);
    expect(ids(world)).toEqual(['a']);
  });

  test('goes to the end of its lane if it is redriven', async () => {
    const world = await openFast();
    await world.accept(lane('c', ['a', 'b', 'c']));
    await world.work('a', FAILED);
    await world.retry('a');
    await work(world, 1000);
    expect(ids(world)).toEqual(['a', 'b', 'c', 'a']);
  });
});

async function openFast(): Promise<World> {
  const world = openWorld();
  await world.configure('acme', { capacity: 100, ratePerSecond: 100 });
  return world;
}

/** A lane of `a`, `b` and `c` that `a` has halted. */
async function openHalted(): Promise<World> {
  const world = await openFast();
  await world.accept(lane('c', ['a', 'b', 'c']).map((spec) => ({ ...spec, onFailure: 'halt' as const })));
  await world.work('a', FAILED);
  return world;
}

const lane = (name: string, members: readonly string[]) => members.map((id) => ({ id, lane: name }));
const ids = (world: World) => world.grants.map(({ id }) => id);
const gaps = ({ grants }: World) =>
  grants.slice(1).map(({ atMs }, index) => atMs - (grants[index]?.atMs ?? 0));
