import { describe, expect, test } from 'vitest';
import { ROUNDING_MS } from '../../support/clock.ts';
import { leastMs, spareOf, steady } from '../../support/flow/rate.ts';
import { logOf, startWorker } from '../../support/gwm.ts';
import { message, openSystem, PATIENT, type System } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';

const KIND = 'message-transmission';
const BUCKET = { tenantId: 'acme', bucketClass: 'messages' } as const;

describe('a 429', () => {
  test('costs no attempt, and pauses the tenant for Retry-After on every worker', async () => {
    const system = await openSystem({ environment: { ...PATIENT, JOB_RETRY_FOR: '0s' } });
    const workers = [await startWorker(system), await startWorker(system)];
    await system.sandbox.inject({
      operations: { 'message.send': { errors: [{ status: 429, rate: 1, times: 1, retryAfterSeconds: 2 }] } },
    });
    const producer = system.openProducer();
    const first = await producer.enqueue(KIND, message());
    await Promise.race(workers.map((worker) => worker.line(/RATE_LIMITED/)));

    const others = await Promise.all(
      Array.from({ length: 10 }, (_, n) => producer.enqueue(KIND, message({ conversationId: `conv-${n}` }))),
    );
    const jobIds = [first, ...others].flatMap((entry) => entry.jobIds);
    const ends = await Promise.all(jobIds.map((jobId) => system.ended(jobId)));

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
    const system = await openSystem({ tenants: ['acme', 'globex'], environment: PATIENT });
    await startWorker(system);
    await system.sandbox.inject({
      operations: {
        'message.send': { errors: [{ status: 429, rate: 1, times: 1, retryAfterSeconds: 600 }] },
      },
    });
    const producer = system.openProducer();
    const paused = Array.from({ length: 500 }, (_, n) => message({ conversationId: `conv-${n}` }));
    await producer.enqueueMany(KIND, paused);
    await waitFor(() => system.sandbox.stats().rateLimited > 0, { what: 'the 429' });

    const { jobIds } = await producer.enqueue(KIND, message({ tenantId: 'globex' }));

    expect(await system.ended(jobIds[0], { tenantId: 'globex' })).toMatchObject({ state: 'completed' });
    expect((await system.flow.status(BUCKET)).pausedForMs).toBeGreaterThan(0);
    expect(system.sandbox.stats().byTenant['acme']?.rateLimited).toBe(1);
  });
});

describe('the limit of a tenant', () => {
  // flow/rate.test.ts proves with simulated time that the limit is used in full.
  test('is never exceeded by two workers together', async () => {
    const limit = steady({ capacity: 40, ratePerSecond: 50 });
    const system = await openSystem({ tenants: [{ id: 'acme', limit }], environment: PATIENT });
    await Promise.all([startWorker(system), startWorker(system)]);

    const { ends, tookMs } = await deliver(system, 200);

    expect(ends.every(({ state, attemptsMade }) => state === 'completed' && attemptsMade === 1)).toBe(true);
    expect(system.sandbox.stats()).toMatchObject({ accepted: 200, rateLimited: 0, duplicates: 0 });
    expect(tookMs).toBeGreaterThanOrEqual(leastMs(limit, 200));
  });

  test('holds for each of many tenants at once, over three workers', async () => {
    const limits = [
      { capacity: 1, ratePerSecond: 5 },
      { capacity: 3, ratePerSecond: 20 },
      { capacity: 50, ratePerSecond: 10 },
      { capacity: 20, ratePerSecond: 100 },
      { capacity: 200, ratePerSecond: 200 },
    ].map(steady);
    const tenants = limits.map((limit, index) => ({ id: `tenant-${index}`, limit }));
    const system = await openSystem({ tenants, environment: PATIENT });
    await Promise.all([startWorker(system), startWorker(system), startWorker(system)]);
    const entries = tenants.flatMap(({ id, limit }) =>
      // The messages that the tenant may send within a second and a half.
      Array.from({ length: Math.round(limit.capacity / 2 + limit.ratePerSecond * 1.5) }, (_, n) =>
        message({ tenantId: id, conversationId: `conv-${n % 30}` }),
      ),
    );

    await system.openProducer().enqueueMany(KIND, entries);
    await waitFor(() => system.sandbox.stats().accepted === entries.length, {
      what: `${entries.length} messages`,
    });

    expect(system.sandbox.stats()).toMatchObject({ duplicates: 0, outOfOrder: 0 });
    // A bucket of one or three has no room for requests that a slow machine bunches up.
    const { byTenant } = system.sandbox.stats();
    const limited = tenants.filter(({ id }) => (byTenant[id]?.rateLimited ?? 0) > 0);
    expect(limited.filter(({ limit }) => spareOf(limit) >= 1)).toEqual([]);
  });

  test('is shared with another program on the same client: all messages are delivered, and no attempt is lost', async () => {
    const limit = { capacity: 30, ratePerSecond: 30 };
    const system = await openSystem({
      tenants: [{ id: 'acme', limit }],
      environment: { ...PATIENT, JOB_RETRY_FOR: '0s' },
    });
    await system.sandbox.inject({ foreignLoad: [{ tenant: 'acme', class: 'messages', perSecond: 24 }] });
    await startWorker(system);

    const { ends } = await deliver(system, 45);

    expect(ends.every(({ state, attemptsMade }) => state === 'completed' && attemptsMade === 1)).toBe(true);
    expect(system.sandbox.stats()).toMatchObject({ accepted: 45, duplicates: 0 });
    expect(system.sandbox.stats().rateLimited).toBeGreaterThan(0);
  });
});

/** Delivers this number of messages, each in its own conversation. */
async function deliver(system: System, count: number) {
  const startedMs = performance.now();
  const jobIds: string[] = [];
  const entries = Array.from({ length: count }, (_, n) => message({ conversationId: `conv-${n}` }));
  await system.openProducer().enqueueMany(KIND, entries, {
    onEntry: (entry) => {
      if (entry.status === 'accepted') jobIds.push(...entry.jobIds);
    },
  });
  const queue = system.queues.of(KIND, 'acme');
  const endedCount = async () => (await queue.getCompletedCount()) + (await queue.getFailedCount());
  // One look at all jobs. A look at each costs more time than the delivery.
  await waitFor(async () => (await endedCount()) === count, { what: `the end of ${count} jobs` });
  const ends = await Promise.all(jobIds.map((jobId) => system.ended(jobId)));
  return { ends, tookMs: performance.now() - startedMs };
}
