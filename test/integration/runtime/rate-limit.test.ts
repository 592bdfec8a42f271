import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ROUNDING_MS } from '../../support/clock.ts';
import { leastMs, spareOf, steady } from '../../support/flow/rate.ts';
import { logOf, startWorker } from '../../support/gwm.ts';
import type { TestProcess } from '../../support/processes.ts';
import { message, openSystem, PATIENT, type System } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';

const KIND = 'message-transmission';
const WORKERS = 3;

const FAST = { id: 'fast', limit: steady({ capacity: 40, ratePerSecond: 50 }) };
const MANY = [
  { capacity: 1, ratePerSecond: 5 },
  { capacity: 3, ratePerSecond: 20 },
  { capacity: 50, ratePerSecond: 10 },
  { capacity: 20, ratePerSecond: 100 },
  { capacity: 200, ratePerSecond: 200 },
].map((limit, index) => ({ id: `tenant-${index}`, limit: steady(limit) }));
const SHARED = { id: 'shared', limit: { capacity: 30, ratePerSecond: 30 } };

/** Tests share the workers, and each has tenants of its own: a pause outlives its test. */
let system: System;
let workers: readonly TestProcess[];

beforeAll(async () => {
  const tenants = ['refused', 'paused', 'other', FAST, ...MANY, SHARED];
  system = await openSystem({ tenants, environment: { ...PATIENT, JOB_RETRY_FOR: '0s' } });
  workers = await Promise.all(Array.from({ length: WORKERS }, () => startWorker(system)));
});
beforeEach(async () => await system.sandbox.reset());

describe('a 429', () => {
  test('costs no attempt, and pauses the tenant for Retry-After on every worker', async () => {
    const tenantId = 'refused';
    await system.sandbox.inject({
      operations: { 'message.send': { errors: [{ status: 429, rate: 1, times: 1, retryAfterSeconds: 2 }] } },
    });
    const producer = system.openProducer();
    const first = await producer.enqueue(KIND, message({ tenantId }));
    await Promise.race(workers.map((worker) => worker.line(/RATE_LIMITED/)));

    const others = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        producer.enqueue(KIND, message({ tenantId, conversationId: `conv-${n}` })),
      ),
    );
    const jobIds = [first, ...others].flatMap((entry) => entry.jobIds);
    const ends = await Promise.all(jobIds.map((jobId) => system.ended(jobId, { tenantId })));

    expect(ends.map(({ state }) => state)).toEqual(jobIds.map(() => 'completed'));
    expect(ends.map(({ attemptsMade }) => attemptsMade)).toEqual(jobIds.map(() => 1));
    const [refused, ...accepted] = (await system.sandbox.requests('message.send')).map(({ at }) =>
      Date.parse(at),
    );
    expect(accepted).toHaveLength(11);
    expect(Math.min(...accepted) - (refused ?? 0)).toBeGreaterThanOrEqual(2000 - ROUNDING_MS);
    const told = workers.flatMap(logOf).filter(({ error }) => error?.code === 'RATE_LIMITED');
    expect(told).toMatchObject([{ event: 'job.snooze', level: 40, attempt: 1 }]);
  });

  test('does not hold up another tenant', async () => {
    await system.sandbox.inject({
      operations: {
        'message.send': { errors: [{ status: 429, rate: 1, times: 1, retryAfterSeconds: 600 }] },
      },
    });
    const producer = system.openProducer();
    const paused = Array.from({ length: 500 }, (_, n) =>
      message({ tenantId: 'paused', conversationId: `conv-${n}` }),
    );
    await producer.enqueueMany(KIND, paused);
    await waitFor(() => system.sandbox.stats().rateLimited > 0, { what: 'the 429' });

    const { jobIds } = await producer.enqueue(KIND, message({ tenantId: 'other' }));

    expect(await system.ended(jobIds[0], { tenantId: 'other' })).toMatchObject({ state: 'completed' });
    const bucket = { tenantId: 'paused', bucketClass: 'messages' } as const;
    expect((await system.flow.status(bucket)).pausedForMs).toBeGreaterThan(0);
    expect(statsOf('paused')?.rateLimited).toBe(1);
  });
});

describe('the limit of a tenant', () => {
  // flow/rate.test.ts proves with simulated time that the limit is used in full.
  test('is never exceeded by three workers together', async () => {
    const { ends, tookMs } = await deliver(FAST.id, 200);

    expect(ends.every(({ state, attemptsMade }) => state === 'completed' && attemptsMade === 1)).toBe(true);
    expect(statsOf(FAST.id)).toMatchObject({ accepted: 200, rateLimited: 0 });
    expect(system.sandbox.stats().duplicates).toBe(0);
    expect(tookMs).toBeGreaterThanOrEqual(leastMs(FAST.limit, 200));
  });

  test('holds for each of many tenants at once, over three workers', async () => {
    const entries = MANY.flatMap(({ id, limit }) =>
      // The messages that the tenant may send within a second and a half.
      Array.from({ length: Math.round(limit.capacity / 2 + limit.ratePerSecond * 1.5) }, (_, n) =>
        message({ tenantId: id, conversationId: `conv-${n % 30}` }),
      ),
    );

    await system.openProducer().enqueueMany(KIND, entries);
    const accepted = () => MANY.reduce((sum, { id }) => sum + (statsOf(id)?.accepted ?? 0), 0);
    await waitFor(() => accepted() === entries.length, { what: `${entries.length} messages` });

    expect(system.sandbox.stats()).toMatchObject({ duplicates: 0, outOfOrder: 0 });
    // A bucket of one or three has no room for requests that a slow machine bunches up.
    const limited = MANY.filter(({ id }) => (statsOf(id)?.rateLimited ?? 0) > 0);
    expect(limited.filter(({ limit }) => spareOf(limit) >= 1)).toEqual([]);
  });

  test('is shared with another program on the same client: all messages are delivered, and no attempt is lost', async () => {
    await system.sandbox.inject({ foreignLoad: [{ tenant: SHARED.id, class: 'messages', perSecond: 24 }] });

    const { ends } = await deliver(SHARED.id, 45);

    expect(ends.every(({ state, attemptsMade }) => state === 'completed' && attemptsMade === 1)).toBe(true);
    expect(statsOf(SHARED.id)?.accepted).toBe(45);
    expect(statsOf(SHARED.id)?.rateLimited).toBeGreaterThan(0);
    expect(system.sandbox.stats().duplicates).toBe(0);
  });
});

/** The requests of one tenant: those of an earlier test may arrive late. */
function statsOf(tenantId: string) {
  return system.sandbox.stats().byTenant[tenantId];
}

/** Delivers this number of messages, each in its own conversation. */
async function deliver(tenantId: string, count: number) {
  const queue = system.queues.of(KIND, tenantId);
  const endedCount = async () => (await queue.getCompletedCount()) + (await queue.getFailedCount());
  const before = await endedCount();
  const startedMs = performance.now();
  const jobIds: string[] = [];
  const entries = Array.from({ length: count }, (_, n) => message({ tenantId, conversationId: `conv-${n}` }));
  await system.openProducer().enqueueMany(KIND, entries, {
    onEntry: (entry) => {
      if (entry.status === 'accepted') jobIds.push(...entry.jobIds);
    },
  });
  // One look at all jobs. A look at each costs more time than the delivery. Late jobs of an earlier
  // test may count too.
  await waitFor(async () => (await endedCount()) >= before + count, { what: `the end of ${count} jobs` });
  const ends = await Promise.all(jobIds.map((jobId) => system.ended(jobId, { tenantId })));
  return { ends, tookMs: performance.now() - startedMs };
}
