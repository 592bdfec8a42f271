import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatBytes } from '../../../src/capacity/describe.ts';
import { FIGURES } from '../../../src/capacity/figures.ts';
import { type Load, type Plan, planFor } from '../../../src/capacity/plan.ts';
import { loadConfig } from '../../../src/config/load.ts';

const SETTINGS = loadConfig({});
const QUIET: Load = { tenants: 1, ratePerSecond: 1, latencyMs: 300, waiting: 0, hasCallbacks: false };

const anyLoad: fc.Arbitrary<Load> = fc.record({
  tenants: fc.integer({ min: 1, max: 1_000_000 }),
  ratePerSecond: fc.integer({ min: 1, max: 1_000_000 }),
  latencyMs: fc.integer({ min: 1, max: 60_000 }),
  waiting: fc.integer({ min: 0, max: 1_000_000_000 }),
  hasCallbacks: fc.boolean(),
});

/** The numbers of a plan that may only grow with the load. */
function needsOf({ workers, redis, memory, disk }: Plan): number[] {
  return [workers.count, redis.shards, redis.partitions, memory.maxmemory, disk.appendOnly, disk.auditPerDay];
}

describe('a plan', () => {
  test('has enough of everything for its load', () => {
    fc.assert(
      fc.property(anyLoad, (load) => {
        const { workers, redis, memory } = planFor(load, SETTINGS, FIGURES);
        // Without the spare one.
        const working = workers.count - 1;

        expect(working * 1e6).toBeGreaterThanOrEqual(load.ratePerSecond * FIGURES.workerUs);
        expect(working * SETTINGS.workerConcurrency).toBeGreaterThanOrEqual(workers.requests);
        expect(redis.shards * redis.messagesPerSecond).toBeGreaterThanOrEqual(load.ratePerSecond);
        expect(redis.partitions).toBeGreaterThanOrEqual(redis.shards);
        expect(memory.maxmemory * 0.9).toBeGreaterThan(load.waiting * FIGURES.waitingBytes);
      }),
    );
  });

  test('does not shrink when the load grows', () => {
    const part = fc.constantFrom('tenants', 'ratePerSecond', 'latencyMs', 'waiting');
    fc.assert(
      fc.property(anyLoad, part, fc.integer({ min: 1, max: 1000 }), (load, name, more) => {
        const before = needsOf(planFor(load, SETTINGS, FIGURES));
        const after = needsOf(planFor({ ...load, [name]: load[name] + more }, SETTINGS, FIGURES));

        for (const [index, need] of before.entries()) expect(after[index]).toBeGreaterThanOrEqual(need);
      }),
    );
  });

  test('has one partition for one Redis, and one worker to spare', () => {
    const { workers, redis } = planFor(QUIET, SETTINGS, FIGURES);

    expect(workers.count).toBe(2);
    expect(redis).toMatchObject({ shards: 1, partitions: 1 });
  });

  test('needs less memory if the ledger remembers for a shorter time', () => {
    const ledgerOf = (days: number) =>
      planFor({ ...QUIET, ratePerSecond: 100 }, { ...SETTINGS, ledgerTtlMs: days * 86_400_000 }, FIGURES)
        .memory.ledger;

    expect(ledgerOf(1)).toBeLessThan(ledgerOf(7) / 6);
  });
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1018, '1.02 KB'],
  [999_600, '1 MB'],
  [12_345_678_901, '12.3 GB'],
  [4.5e15, '4500 TB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
