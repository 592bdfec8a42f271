import { describe, expect, test } from 'vitest';
import { createTally, type Tally } from '../../../src/counts/tally.ts';
import type { CountedRun } from '../../../src/observe/count-runs.ts';
import { createKeys } from '../../../src/redis/keys.ts';

const NOW = Date.UTC(2026, 0, 1, 12);
const keys = createKeys('gwm', 1);

function run(fields: Partial<CountedRun> = {}): CountedRun {
  const kind = 'message-transmission';
  return {
    kind,
    tenantId: 'acme',
    outcome: 'delivered',
    latencyMs: 300,
    requestMs: 80,
    atMs: NOW,
    ...fields,
  };
}

/** What each hash of the tenant gets, or of all tenants, by the end of its key. */
function taken(tally: Tally, { nowMs = NOW, of = 'counts' } = {}) {
  const additions = tally.take(0, nowMs)?.additions ?? [];
  const wanted = additions.filter(({ key }) => key.includes(`:${of}:`));
  return Object.fromEntries(
    wanted.map(({ key, fields }) => [key.replace(/^.*:/, ''), Object.fromEntries(fields)]),
  );
}

describe('the tally of a worker', () => {
  test('adds each run to a slice, a minute, a quarter of an hour and an hour', () => {
    const tally = createTally(keys);
    tally.add(run());
    tally.add(run({ outcome: 'failed', atMs: NOW + 10_000 }));

    expect(taken(tally)).toEqual({
      [`s${NOW / 10_000}`]: { delivered: 1, r25: 1, j32: 1 },
      [`s${NOW / 10_000 + 1}`]: { failed: 1 },
      [`m${NOW / 60_000}`]: { delivered: 1, r25: 1, j32: 1, failed: 1 },
      [`q${NOW / 900_000}`]: { delivered: 1, r25: 1, j32: 1, failed: 1 },
      [`h${NOW / 3_600_000}`]: { delivered: 1, r25: 1, j32: 1, failed: 1 },
    });
    expect(tally.take(0, NOW)).toBeUndefined();
  });

  test('adds the runs of all tenants together, by minute, quarter and hour', () => {
    const tally = createTally(keys);
    tally.add(run());
    tally.add(run({ tenantId: 'globex', outcome: 'failed' }));

    const sums = { delivered: 1, r25: 1, j32: 1, failed: 1 };
    expect(taken(tally, { of: 'totals' })).toEqual({
      [`m${NOW / 60_000}`]: sums,
      [`q${NOW / 900_000}`]: sums,
      [`h${NOW / 3_600_000}`]: sums,
    });
  });

  test('has no callbacks, unknown tenants and unknown kinds', () => {
    const tally = createTally(keys);
    tally.add(run({ kind: 'webhook-delivery' }));
    tally.add(run({ tenantId: undefined }));
    tally.add(run({ kind: 'constructor' }));

    expect(tally.take(0, NOW)).toBeUndefined();
  });

  test('measures delivered jobs alone', () => {
    const tally = createTally(keys);
    tally.add(run({ outcome: 'expired', latencyMs: 86_400_000, requestMs: undefined }));
    tally.add(run({ requestMs: undefined }));

    expect(taken(tally)[`h${NOW / 3_600_000}`]).toEqual({ expired: 1, delivered: 1, j32: 1 });
  });

  test('gives nothing to a hash that Redis would have removed', () => {
    const tally = createTally(keys);
    tally.add(run());

    expect(Object.keys(taken(tally, { nowMs: NOW + 26 * 3_600_000 }))).toEqual([`h${NOW / 3_600_000}`]);
  });

  test('gives many counts in several parts', () => {
    const tally = createTally(keys);
    for (let tenant = 0; tenant < 1000; tenant++) tally.add(run({ tenantId: `tenant-${tenant}` }));

    const parts = [];
    for (let isAll = false; !isAll; ) {
      const part = tally.take(0, NOW);
      parts.push(part?.additions ?? []);
      isAll = part?.isAll ?? true;
    }

    expect(parts.length).toBeGreaterThan(1);
    const keysOf = parts.flat().map(({ key }) => key);
    expect(keysOf.filter((key) => key.includes(':counts:'))).toHaveLength(4000);
    expect(Math.max(...parts.map(fieldsIn))).toBeLessThan(3030);
  });

  test('is bounded, and says how many runs found no room', () => {
    const tally = createTally(keys, 9);
    for (let tenant = 0; tenant < 10; tenant++) tally.add(run({ tenantId: `tenant-${tenant}` }));

    expect(tally.takeDropped()).toBe(7);
    expect(tally.takeDropped()).toBe(0);
    expect(Object.keys(tally.take(0, NOW)?.additions ?? [])).toHaveLength(3 * 4 + 3);
    tally.add(run());
    expect(tally.takeDropped()).toBe(0);
  });
});

function fieldsIn(additions: readonly { readonly fields: ReadonlyMap<string, number> }[]): number {
  return additions.reduce((sum, { fields }) => sum + fields.size, 0);
}
