import { describe, expect, test } from 'vitest';
import { expectFewLines } from '../../support/few-lines.ts';
import { openFreezingProxy } from '../../support/freezing-proxy.ts';
import { logOf, startWorker } from '../../support/gwm.ts';
import { openOwnRedis } from '../../support/own-redis.ts';
import { message, openSystem, type System } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';

const KIND = 'message-transmission';
/** Longer than the silence. A lock that ran out meanwhile could make a worker send twice. */
const PATIENT = { REQUEST_TIMEOUT: '10s', LOCK_DURATION: '20s' };

describe('a worker whose connections to Redis are silent', () => {
  test('takes the next job over new ones, and logs the loss and the return once each', async () => {
    const { system, proxy } = await openProxied();
    const worker = await startWorker(system, { REDIS_URL: proxy.url });
    const producer = system.openProducer();
    const before = await producer.enqueue(KIND, message());
    expect(await system.ended(before.jobIds[0])).toMatchObject({ state: 'completed' });

    const frozenAtMs = performance.now();
    expect(proxy.freeze()).toBeGreaterThan(1);
    const { jobIds } = await producer.enqueue(KIND, message());

    expect(await system.ended(jobIds[0])).toMatchObject({ state: 'completed' });
    expect(system.sandbox.stats()).toMatchObject({ accepted: 2, duplicates: 0, outOfOrder: 0 });
    await worker.line(/redis connected again/);
    const warnings = logOf(worker).filter(({ level, event }) => level >= 40 && !event);
    expect(warnings.filter(({ msg }) => msg === 'redis connection lost')).toHaveLength(1);
    expectFewLines(warnings, performance.now() - frozenAtMs);
    expect(logOf(worker).filter(({ msg }) => msg === 'redis connected again')).toHaveLength(1);
  });

  test('neither loses nor doubles its running jobs', async () => {
    const { system, proxy } = await openProxied({
      environment: PATIENT,
      tenants: [{ id: 'acme', limit: { capacity: 50, ratePerSecond: 50 } }],
    });
    await startWorker(system, { REDIS_URL: proxy.url });
    const entries = Array.from({ length: 400 }, (_, n) => message({ conversationId: `conv-${n % 20}` }));
    await system.openProducer().enqueueMany(KIND, entries);
    for (const delivered of [60, 160]) {
      await waitFor(() => system.sandbox.stats().accepted >= delivered, {
        what: `${delivered} messages`,
      });
      proxy.freeze();
    }

    await waitFor(() => system.sandbox.stats().accepted >= 400, {
      what: 'all messages',
      deadlineMs: 200_000,
    });
    expect(system.sandbox.stats()).toMatchObject({ accepted: 400, duplicates: 0, outOfOrder: 0 });
    const queue = system.queues.of(KIND, 'acme');
    await waitFor(async () => (await queue.getCompletedCount()) === 400, {
      what: 'the end of all jobs',
    });
    expect(await queue.getFailedCount()).toBe(0);
  });
});

describe('a producer whose connection to Redis is silent', () => {
  test('gets an answer in time over another connection', async () => {
    const { system, proxy } = await openProxied();
    const producer = system.openProducer({ redisUrl: proxy.url });
    await producer.enqueue(KIND, message());
    proxy.freeze();

    // The producer gives up after 5 seconds.
    await producer.enqueue(KIND, message({ idempotencyKey: 'order-1' }));

    expect(await waitingCount(system)).toBe(2);
  });

  test('fails within 5 seconds without an answer, and its job does not go in later', async () => {
    const { system, proxy } = await openProxied();
    const producer = system.openProducer({ redisUrl: proxy.url, timeoutMs: 5000 });
    await producer.enqueue(KIND, message());
    proxy.freeze();
    proxy.freezeNew(true);

    // After 5 seconds the producer reports that Redis did not confirm the job.
    await expect(producer.enqueue(KIND, message())).rejects.toThrow(`Redis at ${proxy.url} does not answer`);

    proxy.freezeNew(false);
    proxy.freeze();
    await waitFor(() => producer.enqueue(KIND, message({ conversationId: 'conv-2' })), {
      what: 'a job that is taken',
    });
    expect(await waitingCount(system)).toBe(2);
  });
});

async function waitingCount({ queues }: System): Promise<number> {
  return await queues.of(KIND, 'acme').getJobCountByTypes('delayed', 'waiting');
}

async function openProxied(options: Parameters<typeof openSystem>[0] = {}) {
  const redis = await openOwnRedis();
  const proxy = await openFreezingProxy(redis.url);
  const system: System = await openSystem({ ...options, redis });
  return { redis, proxy, system };
}
