import { expect, test } from 'vitest';
import { createSharedSnapshots } from '../../../src/survey/shared-snapshots.ts';

/** Snapshots that take so long, on a clock that the test moves. */
function stage(tookMs = 100) {
  let nowMs = 0;
  let reads = 0;
  const read = async () => {
    nowMs += tookMs;
    return ++reads;
  };
  const snapshots = createSharedSnapshots(read, { everyMs: 5000, now: () => nowMs });
  const current = async () => (await snapshots.current()).snapshot;
  const pass = (ms: number) => {
    nowMs += ms;
  };
  return { snapshots, current, pass };
}

test('callers share a snapshot until it is old', async () => {
  const { current, pass } = stage();

  expect(await Promise.all([current(), current(), current()])).toEqual([1, 1, 1]);
  pass(4899);
  expect(await current()).toBe(1);
  pass(1);
  expect(await Promise.all([current(), current()])).toEqual([2, 2]);
});

test('a snapshot that takes long is taken less often: a tenth of the time at most', async () => {
  const { current, snapshots, pass } = stage(2000);

  expect((await snapshots.current()).freshUntilMs).toBe(20_000);
  pass(17_999);
  expect(await current()).toBe(1);
  pass(1);
  expect(await current()).toBe(2);
});

test('a failure is that of the callers who waited for it, and the next caller reads again', async () => {
  let reads = 0;
  const snapshots = createSharedSnapshots(async () => {
    if (++reads === 1) throw new Error('away');
    return reads;
  });

  const failed = await Promise.allSettled([snapshots.current(), snapshots.current()]);
  expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect((await snapshots.current()).snapshot).toBe(2);
});
