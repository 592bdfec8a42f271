import { describe, expect, test } from 'vitest';
import { arriving, atStep, left, moved, remembered } from '../../../src/queues/move-steps.ts';
import { createKeys } from '../../../src/redis/keys.ts';
import { createLayout, type Home, newLayout } from '../../../src/redis/layout.ts';

function layoutWith(home: Home | undefined, modulus = 1) {
  return createLayout({
    ...newLayout(modulus),
    own: 1,
    homes: new Map(home ? [['acme', home]] : []),
  });
}

describe('the layout', () => {
  test('has the partitions that hashes lead to, and those for single tenants', () => {
    expect(layoutWith(undefined, 3).all()).toEqual([0, 1, 2, 1000]);
  });

  test('sends new jobs to the old partition until the tenant has left it, and to the new one from then on', () => {
    const begun = arriving(0, 1000, 7, undefined);
    expect(layoutWith(begun).homeOf('acme')).toBe(0);
    expect(layoutWith(begun).placesOf('acme')).toEqual([0]);

    for (const home of [left(begun), atStep(left(begun), 'closing'), atStep(left(begun), 'trailing')]) {
      const layout = layoutWith(home);
      expect(layout.homeOf('acme')).toBe(1000);
      expect(layout.placesOf('acme')).toEqual([0, 1000]);
      expect(layout.formersOf('acme')).toEqual([0]);
    }
  });

  test('remembers a former partition while that knows the ids of jobs', () => {
    const former = { partition: 0, untilMs: 100 };
    const there = moved(left(arriving(0, 1000, 7, undefined)), former, 0, 50);
    expect(layoutWith(there).formersOf('acme')).toEqual([0]);

    const back = moved(left(arriving(1000, 0, 9, there)), { partition: 1000, untilMs: 300 }, 0, 200);
    expect(back).toEqual({ at: 0, formers: [{ partition: 1000, untilMs: 300 }] });
  });

  test('forgets partitions whose time is over, but not while a tenant moves or is still to move', () => {
    const formers = [
      { partition: 0, untilMs: 100 },
      { partition: 2, untilMs: 300 },
    ];
    const home: Home = { at: 1, formers };
    expect(remembered(home, 1, 50)).toBe(home);
    expect(remembered(home, 1, 200)).toEqual({ at: 1, formers: [formers[1]] });
    expect(remembered(home, 1, 400)).toBeUndefined();
    expect(remembered(home, 0, 400)).toEqual({ at: 1 });
    expect(remembered({ ...home, pinned: true }, 1, 400)).toEqual({ at: 1, pinned: true });
    const leaving = left(arriving(1, 3, 7, home));
    expect(remembered(leaving, 1, 400)).toBe(leaving);
  });

  test('has no move of a tenant that it has no word of', () => {
    const layout = layoutWith(undefined, 2);
    expect(layout.moveOf('acme')).toBeUndefined();
    expect(layout.homeOf('acme')).toBe(layout.hashOf('acme'));
    expect(layout.formersOf('acme')).toEqual([]);
  });
});

test('all that a job calls finds its tenant in the partition of the job', async () => {
  const keys = createKeys('gwm', 1);
  keys.layout.replace({ ...newLayout(1), own: 1, homes: new Map([['acme', { at: 1000 }]]) });

  const within = await keys.within(0, async () => {
    await Promise.resolve();
    return keys.token('acme');
  });

  expect(within).toBe('gwm:{0}:token:acme');
  expect(keys.token('acme')).toBe('gwm:{1000}:token:acme');
});
