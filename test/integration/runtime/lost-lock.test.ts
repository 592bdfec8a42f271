import { describe, expect, test } from 'vitest';
import type { JobKind } from '../../../src/jobs/catalog.ts';
import { startWorker } from '../../support/gwm.ts';
import { openOwnRedis } from '../../support/own-redis.ts';
import { openReceiver, type Receiver, type ReceiverAnswer } from '../../support/receiver.ts';
import { message, openSystem, type System } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';

const KIND = 'message-transmission';
const CALLBACKS = 'webhook-delivery';
/** A request may take longer than a lock that is lost is missed. */
const PATIENT = { REQUEST_TIMEOUT: '8s', LOCK_DURATION: '2s', WEBHOOK_TIMEOUT: '10s' };

describe('a worker that loses the lock of a job while its request is under way', () => {
  test.each([
    ['a success', { status: 200, body: '{"id":"msg-1"}' }, 'completed'],
    ['a refusal', { status: 400, body: '{}' }, 'failed'],
  ] as const)(
    'writes the answer down, and the next one does not send: %s',
    async (_what, answer, end) => {
      const api = await openReceiver();
      const held = hold(api);
      const system = await openSystem({ tenants: [{ id: 'acme', api: api.url }], environment: PATIENT });
      const workers = [await startWorker(system), await startWorker(system)];
      const { jobIds } = await system.openProducer().enqueue(KIND, message());
      const jobId = jobIds[0] ?? '';
      await waitFor(() => api.received.length === 1, { what: 'the request' });

      await takeLock(system, KIND, jobId);
      held.resolve(answer);

      expect(await system.ended(jobId, { deadlineMs: 20_000 })).toMatchObject({ state: end });
      expect(api.received).toHaveLength(1);
      const said = workers.flatMap(({ stdout }) => stdout).join('\n');
      expect(said).not.toContain('a worker died');
    },
    60_000,
  );
});

describe('a worker that loses the lock of a callback while it calls', () => {
  test('notes what came of the call, and the next one does not call', async () => {
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
    await waitFor(() => receiver.received.length === 1, { what: 'the call', deadlineMs: 10_000 });

    await takeLock(system, CALLBACKS, callbackId);
    held.resolve({ status: 204 });

    const ending = { kind: CALLBACKS, deadlineMs: 30_000 } as const;
    expect(await system.ended(callbackId, ending)).toMatchObject({ state: 'completed' });
    expect(receiver.received).toHaveLength(1);
  }, 60_000);
});

describe('a Redis that stands still for longer than a lock', () => {
  test('leaves no job behind, and nothing is sent or called twice', async () => {
    const JOBS = 60;
    const receiver = await openReceiver();
    const slowly = (response: { writeHead(status: number): { end(): void } }) =>
      setTimeout(() => response.writeHead(204).end(), 300);
    receiver.usually(slowly);
    const redis = await openOwnRedis();
    const system = await openSystem({
      redis,
      tenants: [{ id: 'acme', callback: { url: receiver.url } }],
      environment: { ...PATIENT, WEBHOOK_TIMEOUT: '2s', WEBHOOK_ENDPOINT_CONCURRENCY: '5' },
    });
    await startWorker(system);
    await startWorker(system);
    const jobs = Array.from({ length: JOBS }, (_, index) => message({ conversationId: `c-${index}` }));
    await system.openProducer().enqueueMany(KIND, jobs);
    await waitFor(() => receiver.received.length > 10, { what: 'calls under way', deadlineMs: 20_000 });

    await redis.kill('SIGSTOP');
    await waitFor(() => receiver.inHand() === 0, { what: 'the end of the calls', deadlineMs: 10_000 });
    const frozenAtMs = performance.now();
    await waitFor(() => performance.now() - frozenAtMs > 5000, {
      what: 'locks to run out',
      deadlineMs: 6000,
    });
    await redis.kill('SIGCONT');

    const callbacks = system.queues.of(CALLBACKS, 'acme');
    await waitFor(async () => (await callbacks.getCompletedCount()) === JOBS, {
      what: 'the end of all callbacks',
      deadlineMs: 40_000,
    });
    expect(await callbacks.getJobCounts('delayed', 'active', 'waiting', 'failed')).toEqual({
      delayed: 0,
      active: 0,
      waiting: 0,
      failed: 0,
    });
    expect(receiver.received).toHaveLength(JOBS);
    expect(system.sandbox.stats()).toMatchObject({ accepted: JOBS, duplicates: 0 });
  }, 120_000);
});

/** The next answer comes when it is told. */
function hold(receiver: Receiver) {
  const answer = Promise.withResolvers<ReceiverAnswer>();
  receiver.answerWith(answer.promise);
  return answer;
}

/** The lock runs out; resolves when a worker has been handed the job once more. */
async function takeLock(system: System, kind: JobKind, jobId: string): Promise<void> {
  const queue = system.queues.of(kind, 'acme');
  const starts = async () => (await queue.getJob(jobId))?.attemptsStarted ?? 0;
  const before = await starts();
  await waitFor(
    async () => {
      if ((await starts()) > before) return true;
      await system.client.del(`${queue.toKey(jobId)}:lock`);
      return false;
    },
    { what: 'another worker with the job', deadlineMs: 15_000 },
  );
}
