import { describe, expect, test } from 'vitest';
import { createRedis, type RedisClient } from '../../../src/redis/connect.ts';
import { expectFewLines } from '../../support/few-lines.ts';
import { openFreezingProxy } from '../../support/freezing-proxy.ts';
import { logOf, runGwm, startWorker } from '../../support/gwm.ts';
import { onEnd } from '../../support/lifetime.ts';
import { openOwnRedis } from '../../support/own-redis.ts';
import { message, openSystem } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';

/** Longer than a demotion. A lock that ran out meanwhile could make a worker send twice. */
const PATIENT = { REQUEST_TIMEOUT: '10s', LOCK_DURATION: '20s' };
const KIND = 'message-transmission';

describe('a master that becomes a replica', () => {
  test('is replaced in workers and producers by the server that has its name now', async () => {
    const { first, second, proxy, system } = await openPair();
    const worker = await startWorker(system, { REDIS_URL: proxy.url });
    const producer = system.openProducer({ redisUrl: proxy.url });
    const before = await producer.enqueue(KIND, message());
    expect(await system.ended(before.jobIds[0])).toMatchObject({ state: 'completed' });

    const demotedAtMs = performance.now();
    await second.client.call('REPLICAOF', 'NO', 'ONE');
    await first.client.call('REPLICAOF', '127.0.0.1', new URL(second.url).port);
    proxy.leadTo(second.url);
    const { jobIds } = await waitFor(() => producer.enqueue(KIND, message({ conversationId: 'conv-2' })), {
      what: 'a job that is taken',
    });

    const job = await waitFor(
      async () => (await second.client.exists(`own:{0}:${KIND}:${jobIds[0]}`)) && jobIds[0],
      { what: 'the job at the new master' },
    );
    expect(job).toBeDefined();
    await waitFor(() => system.sandbox.stats().accepted === 2, {
      what: 'the message that came in at the new master',
    });
    await worker.line(/redis connected again/);
    const warnings = logOf(worker).filter(({ level, event }) => level >= 40 && !event);
    expect(warnings[0]).toMatchObject({
      msg: 'redis connection lost',
      reason: expect.stringContaining('is read-only (a replica)'),
    });
    expectFewLines(warnings, performance.now() - demotedAtMs);
  });

  test('is awaited until it is the master again, and no job is lost or doubled', async () => {
    const { first, second, system } = await openPair({ limit: { capacity: 50, ratePerSecond: 50 } });
    const worker = await startWorker(system);
    const entries = Array.from({ length: 300 }, (_, n) => message({ conversationId: `conv-${n % 10}` }));
    await system.openProducer().enqueueMany(KIND, entries);
    await waitFor(() => system.sandbox.stats().accepted >= 80, { what: '80 messages' });

    const demotedAtMs = performance.now();
    await first.client.call('REPLICAOF', '127.0.0.1', '1');
    await worker.line(/redis connection lost/);
    const producer = system.openProducer({ timeoutMs: 5000 });
    // After 5 seconds the producer would say that Redis did not confirm the job.
    await expect(producer.enqueue(KIND, message())).rejects.toThrow(
      `Redis at ${first.url} is read-only (a replica)`,
    );
    const { code, stderr } = await runGwm(['status'], { env: system.environment });
    expect({ code, stderr }).toEqual({
      code: 69,
      stderr: expect.stringContaining(`Redis at ${first.url} is read-only (a replica)`),
    });
    await first.client.call('REPLICAOF', 'NO', 'ONE');

    await waitFor(() => system.sandbox.stats().accepted >= 300, {
      what: 'all messages',
      deadlineMs: 200_000,
    });
    expect(system.sandbox.stats()).toMatchObject({ accepted: 300, duplicates: 0, outOfOrder: 0 });
    const queue = system.queues.of(KIND, 'acme');
    await waitFor(async () => (await queue.getCompletedCount()) === 300, {
      what: 'the end of all jobs',
    });
    const warnings = logOf(worker).filter(({ level, event }) => level >= 40 && !event);
    expect(warnings.filter(({ msg }) => msg === 'redis connection lost')).toHaveLength(1);
    expectFewLines(warnings, performance.now() - demotedAtMs);
    second.client.disconnect();
  });
});

/** Two servers, the second a replica of the first. A proxy is the name of the first. */
async function openPair(tenant: object = {}) {
  const [first, second] = await Promise.all([openOwnRedis(), openOwnRedis()]);
  const [one, two] = [plainClient(first.url), plainClient(second.url)];
  await one.config('SET', 'repl-diskless-sync-delay', '0');
  await two.call('REPLICAOF', '127.0.0.1', new URL(first.url).port);
  await waitFor(async () => /master_link_status:up/.test(await two.info('replication')), {
    what: 'the link to the master',
  });
  const proxy = await openFreezingProxy(first.url);
  const system = await openSystem({
    redis: first,
    tenants: [{ id: 'acme', ...tenant }],
    environment: PATIENT,
  });
  return {
    first: { ...first, client: one },
    second: { ...second, client: two },
    proxy,
    system,
  };
}

/** A client that accepts replicas. */
function plainClient(url: string): RedisClient {
  const client = createRedis({ url, role: 'caller' });
  client.options.reconnectOnError = null;
  const connector = Reflect.get(client, 'connector') as { check: () => boolean };
  connector.check = () => true;
  onEnd(async () => client.disconnect());
  return client;
}
