import { describe, expect, test } from 'vitest';
import { logOf, startWorker } from '../../support/gwm.ts';
import { enqueueShortLived, message, openSystem, PATIENT, type System } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';

const KIND = 'message-transmission';
const MAX_AGE_MS = 3000;

describe('an urgent message', () => {
  test('overtakes waiting messages of other conversations of its tenant', async () => {
    const system = await openSystem({ environment: PATIENT });
    const bucket = { tenantId: 'acme', bucketClass: 'messages' } as const;
    const producer = system.openProducer();
    const ordinary = Array.from({ length: 10 }, (_, n) => message({ conversationId: `conv-${n}` }));
    // The end of the pause cancels all reservations, so the order of the wait queue decides.
    await system.flow.pause(bucket, 600_000, 'by hand');
    await producer.enqueueMany(KIND, ordinary);
    const { jobIds } = await producer.enqueue(KIND, message({ priority: 'urgent' as const }));

    // One message at a time, so that requests arrive in the order in which the worker admits them.
    const worker = await startWorker(system, { WORKER_CONCURRENCY: '1' });
    await system.queues.wake(await system.flow.resume(bucket));
    const all = ordinary.length + 1;
    await waitFor(() => system.sandbox.stats().accepted === all, { what: 'all messages' });

    const requests = await system.sandbox.requests('message.send');
    expect(requests[0]?.requestId).toBe(jobIds[0]);
    expect(await system.ended(jobIds[0])).toMatchObject({ state: 'completed' });
    expect(logOf(worker).filter(({ error }) => error)).toEqual([]);
  });
});

describe('the age of a message', () => {
  test('is limited by its tenant: an older message is not sent', async () => {
    const system = await openSystem({ tenants: [{ id: 'acme', maxAge: `${MAX_AGE_MS}ms` }] });
    const producer = system.openProducer();
    const { jobIds } = await producer.enqueue(KIND, message());
    await waitFor(() => isOlderThan(system, jobIds[0], MAX_AGE_MS), { what: 'an old message' });

    await startWorker(system);
    const fresh = await producer.enqueue(KIND, message());

    expect(await system.ended(jobIds[0])).toMatchObject({
      state: 'failed',
      failedReason: expect.stringMatching(/^JOB_EXPIRED: /),
    });
    expect(await system.ended(fresh.jobIds[0])).toMatchObject({ state: 'completed' });
    expect(system.sandbox.stats().accepted).toBe(1);
  });
});

describe('a message whose worker died during the request', () => {
  test.each([
    ['its tenant', { onUnknownOutcome: 'hold' } as const, {}],
    ['the message', {}, { onUnknownOutcome: 'hold' }],
  ])('is held for an operator if %s wants it', async (_who, settings, fields) => {
    const system = await openSystem({
      tenants: [{ id: 'acme', ...settings }],
      environment: { REQUEST_TIMEOUT: '500ms', LOCK_DURATION: '1s' },
    });
    await system.sandbox.inject({ operations: { 'message.send': { hang: 1 } } });
    const victim = await startWorker(system);
    const { jobIds } = await system.openProducer().enqueue(KIND, message(fields));
    await waitFor(async () => (await system.sandbox.requests('message.send')).length === 1, {
      what: 'the request',
    });

    victim.kill('SIGKILL');
    await victim.exit;
    await system.sandbox.inject({});
    await startWorker(system);

    expect(await system.ended(jobIds[0])).toMatchObject({
      state: 'failed',
      failedReason: expect.stringMatching(/^OUTCOME_UNKNOWN: /),
    });
    expect(await system.sandbox.requests('message.send')).toHaveLength(1);
  });
});

describe('a conversation in which a message failed for good', () => {
  test('waits for an operator if its tenant wants it, and the other conversations continue', async () => {
    const system = await openSystem({ tenants: [{ id: 'acme', onFailure: 'halt' }] });
    await system.sandbox.inject({
      operations: { 'message.send': { errors: [{ status: 400, rate: 1, times: 1 }] } },
    });
    await startWorker(system);
    const producer = system.openProducer();
    const refused = await producer.enqueue(KIND, message({ conversationId: 'halted' }));
    expect(await system.ended(refused.jobIds[0])).toMatchObject({ state: 'failed' });

    const behind = await producer.enqueue(KIND, message({ conversationId: 'halted' }));
    const other = await producer.enqueue(KIND, message({ conversationId: 'another' }));

    expect(await system.ended(other.jobIds[0])).toMatchObject({ state: 'completed' });
    expect(await system.queues.of(KIND, 'acme').getJobState(behind.jobIds[0] ?? '')).toBe('delayed');
    expect(system.sandbox.stats()).toMatchObject({ accepted: 1, rejected: 1 });
  });
});

describe('a delivered message', () => {
  test('is not sent again when the queue runs it again', async () => {
    const system = await openSystem();
    const worker = await startWorker(system);
    const { jobIds } = await system.openProducer().enqueue(KIND, message());
    const { result } = await system.ended(jobIds[0]);

    await (await system.queues.of(KIND, 'acme').getJob(jobIds[0] ?? ''))?.retry('completed');
    await worker.line(/"endedBefore":true/);

    expect(await system.ended(jobIds[0])).toMatchObject({ state: 'completed', result });
    expect(await system.sandbox.requests('message.send')).toHaveLength(1);
  });
});

async function isOlderThan({ queues }: System, jobId: string | undefined, ms: number): Promise<boolean> {
  const job = await queues.of(KIND, 'acme').getJob(jobId ?? '');
  return job !== undefined && Date.now() - job.timestamp > ms;
}

describe('a message of a tenant without credentials', () => {
  test('expires, with the code in its callback', async () => {
    const system = await openSystem({ environment: { CLIENT_SECRET_0: 'not-the-secret' } });
    await startWorker(system);

    const jobId = await enqueueShortLived(system.openProducer(), 'message-transmission', message());

    // The first refusal pauses the tenant for fifteen seconds.
    expect(await system.ended(jobId)).toMatchObject({
      state: 'failed',
      failedReason: expect.stringMatching(/^JOB_EXPIRED: /),
    });
    expect(system.sandbox.stats().byOperation['message.send']?.accepted ?? 0).toBe(0);
  });
});
