import { Worker } from 'bullmq';
import { describe, expect, test } from 'vitest';
import { createRedis } from '../../../src/redis/connect.ts';
import { parseExposition, valueIn } from '../../support/exposition.ts';
import { logOf, metricsUrlOf, startWorker } from '../../support/gwm.ts';
import { onEnd } from '../../support/lifetime.ts';
import { openOwnRedis } from '../../support/own-redis.ts';
import type { TestProcess } from '../../support/processes.ts';
import { openReceiver, type ReceiverAnswer } from '../../support/receiver.ts';
import { message, openSystem, type System } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';

const KIND = 'message-transmission';
/** No lock runs out within a test, and no request times out. A job that waits for either fails its test. */
const ENDLESS = { REQUEST_TIMEOUT: '5m', LOCK_DURATION: '10m' };
/** The life of a heartbeat, with locks as long as these. */
const LIFE_MS = 4000;

describe('the job of a dead worker goes to another worker before its lock runs out', () => {
  test('at once, if nothing was sent', async () => {
    const system = await openSystem({ environment: ENDLESS });
    const { jobIds } = await system.openProducer().enqueue(KIND, message());
    await takeAndDie(system, 'victim');

    const successor = await startWorker(system, { METRICS_PORT: '0' });

    expect(await system.ended(jobIds[0])).toMatchObject({ state: 'completed', attemptsMade: 1 });
    expect(await successor.line(/a worker died/)).toContain(jobIds[0]);
    const url = await metricsUrlOf(successor);
    const deaths = async () =>
      valueIn(parseExposition(await (await fetch(url)).text()), 'gwm_worker_deaths_total', { death: 'dead' });
    await waitFor(async () => (await deaths()) === 1, { what: 'one death in the metrics' });
    expect(system.sandbox.stats()).toMatchObject({ accepted: 1, duplicates: 0 });
    const held = await system.client.hget(
      system.queues.of(KIND, 'acme').toKey(jobIds[0] ?? ''),
      'gwm:held:1',
    );
    expect(held).toBe('victim');
    expect(await system.client.smembers(system.keys.workers(0))).not.toContain('victim');
  });

  test('when its request is certainly over, if it was sent', async () => {
    const REQUEST_MS = 3000;
    const system = await openSystem({ environment: { ...ENDLESS, REQUEST_TIMEOUT: `${REQUEST_MS}ms` } });
    await system.sandbox.inject({ operations: { 'message.send': { hang: 1 } } });
    const victim = await startWorker(system);
    const { jobIds } = await system.openProducer().enqueue(KIND, message());
    const arrivals = async () => await system.sandbox.requests('message.send');
    await waitFor(async () => (await arrivals()).length === 1, { what: 'the request of the victim' });
    victim.kill('SIGKILL');
    await victim.exit;
    await system.sandbox.inject({});

    const successor = await startWorker(system);

    expect(await system.ended(jobIds[0])).toMatchObject({ state: 'completed', attemptsMade: 1 });
    const [first, second, ...others] = (await arrivals()).map(({ at }) => Date.parse(at));
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThan(REQUEST_MS);
    expect(others).toEqual([]);
    const isMarked = () =>
      logOf(successor).some(({ jobId, mayBeRepetition }) => jobId === jobIds[0] && mayBeRepetition);
    await waitFor(isMarked, { what: 'a log line that says that the message may be a repetition' });
  });
});

describe('a worker that is alive keeps its jobs', () => {
  test.for([
    ['freezes', 'SIGSTOP'],
    ['restarts', 'SIGKILL'],
  ] as const)('although Redis %s until no heartbeat is there any more', async ([, signal]) => {
    const redis = await openOwnRedis();
    const api = await openReceiver();
    const answer = Promise.withResolvers<ReceiverAnswer>();
    api.answerWith(answer.promise);
    const system = await openSystem({ redis, tenants: [{ id: 'acme', api: api.url }], environment: ENDLESS });
    const workers = [await startWorker(system), await startWorker(system), await startWorker(system)];
    const { jobIds } = await system.openProducer().enqueue(KIND, message());
    await waitFor(() => api.received.length === 1, { what: 'the request' });

    await redis.kill(signal);
    const goneAtMs = performance.now();
    await waitFor(() => performance.now() - goneAtMs > 1.25 * LIFE_MS, { what: 'the end of all heartbeats' });
    await (signal === 'SIGSTOP' ? redis.kill('SIGCONT') : redis.restart());
    await untilWatched(system);

    expect(await system.client.scard(system.keys.workers(0))).toBe(workers.length);
    answer.resolve({ status: 200, body: '{"id":"msg-1"}' });
    expect(await system.ended(jobIds[0])).toMatchObject({ state: 'completed' });
    expect(api.received).toHaveLength(1);
    expect(alarms(workers)).toEqual([]);
  });
});

describe('a frozen worker that wakes up', () => {
  test('finds that it has lost its job, and sends nothing again', async () => {
    const api = await openReceiver();
    const answer = Promise.withResolvers<ReceiverAnswer>();
    api.answerWith(answer.promise);
    const system = await openSystem({ tenants: [{ id: 'acme', api: api.url }], environment: ENDLESS });
    const frozen = await startWorker(system);
    const { jobIds } = await system.openProducer().enqueue(KIND, message());
    await waitFor(() => api.received.length === 1, { what: 'the request' });
    const other = await startWorker(system);

    frozen.kill('SIGSTOP');
    await other.line(/a worker died/);
    frozen.kill('SIGCONT');
    expect(await frozen.line(/locks lost/)).toContain(jobIds[0]);
    answer.resolve({ status: 200, body: '{"id":"msg-1"}' });

    expect(await system.ended(jobIds[0])).toMatchObject({
      state: 'completed',
      attemptsMade: 1,
      result: { messageId: 'msg-1' },
    });
    expect(api.received).toHaveLength(1);
    const holder = await waitFor(
      async () => (await system.client.smembers(system.keys.workers(0))).length === 2,
      {
        what: 'both workers alive',
      },
    );
    expect(holder).toBe(true);
  });
});

/** A worker of this name takes a job, and dies before it asks flow control. */
async function takeAndDie({ client, keys, queues, redis }: System, name: string): Promise<void> {
  await queues.ready();
  const connection = createRedis({ url: redis.url, role: 'worker' });
  const options = { connection, prefix: keys.queuePrefix(0), name, autorun: false, lockDuration: 600_000 };
  const worker = new Worker(KIND, null, options);
  onEnd(async () => {
    await worker.close(true);
    connection.disconnect();
  });
  const job = await waitFor(() => worker.getNextJob('token', { block: false }), { what: 'a job to take' });
  expect(job.processedBy).toBe(name);
  await client.sadd(keys.workers(0), name);
}

/** Resolves when workers have seen Redis for long enough to know which of them are dead. */
async function untilWatched({ client, keys }: System): Promise<void> {
  const isWatched = async () => {
    const [since, last] = await client.hmget(`${keys.ownOf(0)}watch`, 'since', 'last');
    return Number(last) - Number(since) > 1.5 * LIFE_MS;
  };
  await waitFor(isWatched, { what: 'heartbeats without a break' });
}

function alarms(workers: readonly TestProcess[]): string[] {
  return workers
    .flatMap(logOf)
    .map(({ msg }) => msg)
    .filter((msg) => /worker died|locks lost|lock of a job/.test(msg));
}
