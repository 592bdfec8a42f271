import { describe, expect, test } from 'vitest';
import { startWorker } from '../../support/gwm.ts';
import { openOwnRedis } from '../../support/own-redis.ts';
import type { ProcessEnd } from '../../support/processes.ts';
import { openReceiver, type ReceiverAnswer } from '../../support/receiver.ts';
import { message, openSystem } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';

const KIND = 'message-transmission';
/**
 * Other workers soon notice the kill of a worker. The victim dies before its request times out, also on
 * a loaded machine.
 */
const QUICK = { REQUEST_TIMEOUT: '5s', LOCK_DURATION: '10s' };

describe('the kill of a worker that runs a job', () => {
  test('is noticed: another worker delivers the job, and no attempt counts', async () => {
    const system = await openSystem({ environment: QUICK });
    await system.sandbox.inject({ operations: { 'message.send': { hang: 1 } } });
    const victim = await startWorker(system);
    const { jobIds } = await system.openProducer().enqueue(KIND, message());
    await waitFor(async () => (await system.sandbox.requests('message.send')).length === 1, {
      what: 'the request of the victim',
    });

    victim.kill('SIGKILL');
    await victim.exit;
    await system.sandbox.inject({});
    const successor = await startWorker(system);

    expect(await system.ended(jobIds[0])).toMatchObject({ state: 'completed', attemptsMade: 1 });
    expect(await successor.line(/a worker died/)).toContain(jobIds[0]);
    expect(system.sandbox.stats()).toMatchObject({ accepted: 1, duplicates: 0 });
  });

  test('makes the job a dead letter for the fourth time', async () => {
    const system = await openSystem({ environment: QUICK });
    await system.sandbox.inject({ operations: { 'message.send': { hang: 1 } } });
    const { jobIds } = await system.openProducer().enqueue(KIND, message());
    for (let victims = 1; victims <= 4; victims++) {
      const victim = await startWorker(system);
      await waitFor(async () => (await system.sandbox.requests('message.send')).length === victims, {
        what: `the request of victim ${victims}`,
      });
      victim.kill('SIGKILL');
      await victim.exit;
    }
    // The last worker comes so late that BullMQ hands the job over before any heartbeat counts: the lock
    // is gone, and a look of BullMQ at the running jobs has noted the job before.
    const [jobId = ''] = jobIds;
    const queue = system.queues.of(KIND, 'acme');
    await waitFor(async () => (await system.client.exists(`${queue.toKey(jobId)}:lock`)) === 0, {
      what: 'the end of the lock',
    });
    await system.client.sadd(queue.toKey('stalled'), jobId);
    await system.client.del(queue.toKey('stalled-check'));

    await startWorker(system);

    expect(await system.ended(jobIds[0])).toMatchObject({
      state: 'failed',
      failedReason: 'JOB_CRASHED_WORKERS: 4 workers died while they ran this job',
    });
    expect(await system.sandbox.requests('message.send')).toHaveLength(4);
  });
});

describe('a delivered job', () => {
  test('is not reported as failed after the death of many workers before they settled it', async () => {
    const receiver = await openReceiver();
    const system = await openSystem({ tenants: [{ id: 'acme', callback: { url: receiver.url } }] });
    await startWorker(system);
    const { jobIds } = await system.openProducer().enqueue(KIND, message());
    const jobId = jobIds[0] ?? '';
    const { attemptsStarted } = await system.ended(jobId);

    const queue = system.queues.of(KIND, 'acme');
    await system.client.hset(queue.toKey(jobId), heldBy('a', 'b', 'c', 'd'));
    await (await queue.getJob(jobId))?.retry('completed');
    await waitFor(async () => ((await queue.getJob(jobId))?.attemptsStarted ?? 0) > attemptsStarted, {
      what: 'another run',
    });

    expect(await system.ended(jobId)).toMatchObject({ state: 'completed' });
    const callbacks = system.queues.of('webhook-delivery', 'acme');
    expect(await callbacks.getJobState(`wh-${jobId}-delivered`)).not.toBe('unknown');
    expect(await callbacks.getJobState(`wh-${jobId}-failed`)).toBe('unknown');
  });
});

describe('a worker whose Redis goes away', () => {
  test('ends on SIGTERM without Redis', async () => {
    const redis = await openOwnRedis();
    const system = await openSystem({ redis, environment: { SHUTDOWN_TIMEOUT: '500ms' } });
    const worker = await startWorker(system);
    const { jobIds } = await system.openProducer().enqueue(KIND, message());
    expect(await system.ended(jobIds[0])).toMatchObject({ state: 'completed' });
    await redis.kill();
    await worker.line(/redis connection lost/);

    let end: ProcessEnd | undefined;
    worker.exit.then((ended) => {
      end = ended;
    });
    worker.kill('SIGTERM');

    await waitFor(() => end, { what: 'the end of the worker' });
    expect(end).toEqual({ code: 0, signal: null });
  });

  test('during a request settles the job once', async () => {
    const { redis, system, api, answer } = await openHeldUp({
      REQUEST_TIMEOUT: '10s',
      LOCK_DURATION: '20s',
    });
    await startWorker(system);
    const { jobIds } = await system.openProducer().enqueue(KIND, message());
    await waitFor(() => api.received.length === 1, { what: 'the request' });

    await redis.kill();
    answer.resolve({ status: 200, body: '{"id": "msg-1"}' });
    await redis.restart();

    expect(await system.ended(jobIds[0])).toMatchObject({
      state: 'completed',
      attemptsMade: 1,
      result: { messageId: 'msg-1' },
    });
    expect(api.received).toHaveLength(1);
  });
});

describe('a worker whose Redis is full', () => {
  test('does not send a delivered message again', async () => {
    const { system, api, answer } = await openHeldUp();
    await startWorker(system);
    const { jobIds } = await system.openProducer().enqueue(KIND, message());
    await waitFor(() => api.received.length === 1, { what: 'the request' });

    await system.client.config('SET', 'maxmemory', '1mb');
    answer.resolve({ status: 200, body: '{"id": "msg-1"}' });
    const refusals = async () => /errorstat_OOM/.test(await system.client.info('errorstats'));
    await waitFor(refusals, { what: 'a worker that has the answer and cannot write it down' });
    await system.client.config('SET', 'maxmemory', '0');

    expect(await system.ended(jobIds[0])).toMatchObject({ state: 'completed' });
    expect(api.received).toHaveLength(1);
  });
});

/** The fields of a job after its lock ran out while these workers had it. */
function heldBy(...workers: string[]): Record<string, string> {
  return Object.fromEntries(workers.map((worker, index) => [`gwm:held:${index + 1}`, worker]));
}

/** A system with its own Redis. Its API holds back the answer to the first message. */
async function openHeldUp(environment: Record<string, string> = {}) {
  const redis = await openOwnRedis();
  const api = await openReceiver();
  const answer = Promise.withResolvers<ReceiverAnswer>();
  api.answerWith(answer.promise);
  const system = await openSystem({ redis, tenants: [{ id: 'acme', api: api.url }], environment });
  return { redis, system, api, answer };
}
