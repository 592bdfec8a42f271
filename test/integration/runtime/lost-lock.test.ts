import { describe, expect, test } from 'vitest';
import { done } from '../../../src/core/outcome.ts';
import type { JobKind } from '../../../src/jobs/catalog.ts';
import type { Handler } from '../../../src/runtime/handler.ts';
import { logOf, startWorker } from '../../support/gwm.ts';
import { openOwnRedis } from '../../support/own-redis.ts';
import { openReceiver, type Receiver, type ReceiverAnswer } from '../../support/receiver.ts';
import { message, openSystem, type System } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import { open, run } from './in-process.ts';

const KIND = 'message-transmission';
const CALLBACKS = 'webhook-delivery';
/** Long enough for the tests: no request times out. */
const PATIENT = { REQUEST_TIMEOUT: '10s', LOCK_DURATION: '20s', WEBHOOK_TIMEOUT: '10s' };

describe('a worker that loses the lock of a job during its request', () => {
  test.each([
    ['a success', { status: 200, body: '{"id":"msg-1"}' }, 'completed'],
    ['a refusal', { status: 400, body: '{}' }, 'failed'],
  ] as const)('records the answer, and the next worker does not send: %s', async (_what, answer, end) => {
    const api = await openReceiver();
    const held = hold(api);
    const system = await openSystem({ tenants: [{ id: 'acme', api: api.url }], environment: PATIENT });
    const workers = [await startWorker(system), await startWorker(system)];
    const { jobIds } = await system.openProducer().enqueue(KIND, message());
    const jobId = jobIds[0] ?? '';
    await waitFor(() => api.received.length === 1, { what: 'the request' });

    await takeLock(system, KIND, jobId);
    held.resolve(answer);

    expect(await system.ended(jobId)).toMatchObject({ state: end });
    expect(api.received).toHaveLength(1);
    const said = workers.flatMap(({ stdout }) => stdout).join('\n');
    expect(said).not.toContain('a worker died');
  });
});

describe('a handler whose worker loses the lock', () => {
  test('is not interrupted, begins no further request, and its answer counts', async () => {
    const system = await openSystem({ hasOwnHandlers: true });
    const lines: string[] = [];
    const runs: { wasAborted: boolean; further: string }[] = [];
    const handler: Handler<never> = async ({ jobId, signal, requests: { token } }) => {
      await token();
      const lock = `${system.queues.of(KIND, 'acme').toKey(jobId)}:lock`;
      await system.client.set(lock, 'of another worker', 'PX', 2500);
      await waitFor(() => lines.some((line) => line.includes('locks lost')), {
        what: 'the loss of the lock',
      });
      const further = await token().then(
        () => 'begun',
        (error: Error) => error.name,
      );
      runs.push({ wasAborted: signal.aborted, further });
      return done({ messageId: 'msg-1' });
    };
    await run(await open(system), handler, lines);

    const { jobIds } = await system.openProducer().enqueue(KIND, message());

    expect(await system.ended(jobIds[0])).toMatchObject({
      state: 'completed',
      result: { messageId: 'msg-1' },
    });
    expect(runs).toEqual([{ wasAborted: false, further: 'Postponed' }]);
  });
});

describe('a worker that loses the lock of a callback during its call', () => {
  test('records the result of the call, and the next worker does not call', async () => {
    const receiver = await openReceiver();
    const held = hold(receiver);
    const system = await openSystem({
      tenants: [{ id: 'acme', callback: { url: receiver.url } }],
      environment: PATIENT,
    });
    await startWorker(system);
    await startWorker(system);
    const { jobIds } = await system.openProducer().enqueue(KIND, message());
    const callbackId = `wh-${jobIds[0]}-delivered`;
    await waitFor(() => receiver.received.length === 1, { what: 'the call' });

    await takeLock(system, CALLBACKS, callbackId);
    held.resolve({ status: 204 });

    expect(await system.ended(callbackId, { kind: CALLBACKS })).toMatchObject({ state: 'completed' });
    expect(receiver.received).toHaveLength(1);
  });
});

describe('workers that are replaced one after the other, with short locks and slow answers', () => {
  test('send no message twice', async () => {
    const MESSAGES = 150;
    const system = await openSystem({ environment: { REQUEST_TIMEOUT: '5s', LOCK_DURATION: '10s' } });
    await system.sandbox.inject({ operations: { 'message.send': { latencyMs: { min: 500, max: 1500 } } } });
    let workers = [await startWorker(system), await startWorker(system)];
    const jobs = Array.from({ length: MESSAGES }, (_, index) =>
      message({ conversationId: `c-${index % 50}` }),
    );
    await system.openProducer().enqueueMany(KIND, jobs);

    for (let replaced = 0; replaced < 2; replaced++) {
      const [oldest, ...others] = workers;
      workers = [...others, await startWorker(system)];
      oldest?.kill('SIGTERM');
    }

    await waitFor(() => system.sandbox.stats().accepted >= MESSAGES, {
      what: 'all messages',
    });
    const queue = system.queues.of(KIND, 'acme');
    const isDone = async () => (await queue.getCompletedCount()) === MESSAGES;
    await waitFor(isDone, { what: 'the end of all jobs' });
    expect(system.sandbox.stats()).toMatchObject({ accepted: MESSAGES, duplicates: 0, outOfOrder: 0 });
  });
});

describe('Redis that hangs for longer than a lock', () => {
  test('leaves no job behind, and repeats no message and no callback', async () => {
    const JOBS = 60;
    const receiver = await openReceiver();
    const slowly = (response: { writeHead(status: number): { end(): void } }) =>
      setTimeout(() => response.writeHead(204).end(), 300);
    receiver.usually(slowly);
    const redis = await openOwnRedis();
    const system = await openSystem({
      redis,
      tenants: [{ id: 'acme', callback: { url: receiver.url } }],
      environment: { WEBHOOK_TIMEOUT: '2s', WEBHOOK_ENDPOINT_CONCURRENCY: '5' },
    });
    const workers = [await startWorker(system), await startWorker(system)];
    const jobs = Array.from({ length: JOBS }, (_, index) => message({ conversationId: `c-${index}` }));
    await system.openProducer().enqueueMany(KIND, jobs);
    await waitFor(() => receiver.received.length > 10, { what: 'calls under way' });

    await redis.kill('SIGSTOP');
    await waitFor(() => receiver.inHand() === 0, { what: 'the end of the calls' });
    const frozenAtMs = performance.now();
    await waitFor(() => performance.now() - frozenAtMs > 5000, {
      what: 'locks to run out',
    });
    await redis.kill('SIGCONT');

    const callbacks = system.queues.of(CALLBACKS, 'acme');
    await waitFor(async () => (await callbacks.getCompletedCount()) === JOBS, {
      what: 'the end of all callbacks',
    });
    expect(await callbacks.getJobCounts('delayed', 'active', 'waiting', 'failed')).toEqual({
      delayed: 0,
      active: 0,
      waiting: 0,
      failed: 0,
    });
    expect(receiver.received).toHaveLength(JOBS);
    // If a slow machine answers too late, the worker sends a request again.
    const late = workers.flatMap(logOf).filter(({ msg }) => msg.includes('no answer within')).length;
    const { accepted, duplicates } = system.sandbox.stats();
    expect(accepted - duplicates).toBe(JOBS);
    expect(duplicates).toBeLessThanOrEqual(late);
  });
});

/** Holds the next answer back until the test releases it. */
function hold(receiver: Receiver) {
  const answer = Promise.withResolvers<ReceiverAnswer>();
  receiver.answerWith(answer.promise);
  return answer;
}

/**
 * Does what BullMQ does with a job at the end of its lock. Resolves after a worker has taken the
 * job again.
 */
async function takeLock({ client, queues }: System, kind: JobKind, jobId: string): Promise<void> {
  const queue = queues.of(kind, 'acme');
  const starts = async () => (await queue.getJob(jobId))?.attemptsStarted ?? 0;
  const before = await starts();
  await client
    .multi()
    .del(`${queue.toKey(jobId)}:lock`)
    .lrem(queue.toKey('active'), 1, jobId)
    .rpush(queue.toKey('wait'), jobId)
    .zadd(queue.toKey('marker'), 0, '0')
    .exec();
  const isTaken = async () => (await starts()) > before;
  await waitFor(isTaken, { what: 'another worker with the job' });
}
