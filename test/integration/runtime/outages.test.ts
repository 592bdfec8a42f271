import { describe, expect, test } from 'vitest';
import { CIRCUIT_THRESHOLD } from '../../support/flow/constants.ts';
import { logOf, startWorker } from '../../support/gwm.ts';
import { runCommand } from '../../support/gwm-command.ts';
import { openReceiver } from '../../support/receiver.ts';
import { message, openSystem, PATIENT, type System } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';

const KIND = 'message-transmission';
const CONVERSATIONS = 3;
const RETRY_FOR_MS = 500;
const BUCKET = { tenantId: 'acme', bucketClass: 'messages' } as const;

describe('a message that fails', () => {
  test('is retried for the time of its tenant, with any setting', async () => {
    const system = await openSystem({
      tenants: [{ id: 'acme', retryFor: '1m' }],
      environment: { ...PATIENT, JOB_RETRY_FOR: '0s' },
    });
    const errors = [{ status: 503, rate: 1, times: 12 }];
    await system.sandbox.inject({ operations: { 'message.send': { errors } } });
    // With the default, the pauses of the circuit take most of the time.
    const other = setInterval(() => void system.flow.resume(BUCKET), 50);
    await startWorker(system);

    const { jobIds } = await system.openProducer().enqueue(KIND, message());

    expect(await system.ended(jobIds[0])).toMatchObject({ state: 'completed' });
    clearInterval(other);
    expect(await system.sandbox.requests('message.send')).toHaveLength(13);
  });

  test('has one attempt if the time for retries is 0', async () => {
    const system = await openSystem({ environment: { ...PATIENT, JOB_RETRY_FOR: '0s' } });
    await system.sandbox.inject({ operations: { 'message.send': { errors: [{ status: 503, rate: 1 }] } } });
    await startWorker(system);

    const { jobIds } = await system.openProducer().enqueue(KIND, message());

    expect(await system.ended(jobIds[0])).toMatchObject({ state: 'failed', attemptsMade: 1 });
    expect(await system.sandbox.requests('message.send')).toHaveLength(1);
  });

  test('has a callback with the code of its last failure, and the number of attempts', async () => {
    const receiver = await openReceiver();
    const system = await openSystem({
      environment: PATIENT,
      tenants: [{ id: 'acme', callback: { url: receiver.url } }],
    });
    await system.sandbox.inject({ operations: { 'message.send': { errors: [{ status: 503, rate: 1 }] } } });
    await startWorker(system);

    const { jobIds } = await system.openProducer().enqueue(KIND, message());
    const { attemptsMade } = await system.ended(jobIds[0]);

    await waitFor(() => receiver.received.length === 1, { what: 'the callback' });
    expect(JSON.parse(receiver.received[0]?.body ?? '{}')).toMatchObject({
      type: 'message.failed',
      data: { attempts: attemptsMade, error: { code: 'GENESYS_UNAVAILABLE', status: 503 } },
    });
    // A pause of the circuit is longer than the time for retries: one attempt comes after it.
    expect(attemptsMade).toBeLessThanOrEqual(CIRCUIT_THRESHOLD + 1);
  });

  test('is retried for that time, although its options allow only a number of attempts', async () => {
    const system = await openSystem({ environment: { ...PATIENT, JOB_RETRY_FOR: '1m' } });
    const errors = [{ status: 503, rate: 1, times: 3 }];
    await system.sandbox.inject({ operations: { 'message.send': { errors } } });
    const { jobIds } = await system.openProducer().enqueue(KIND, message());
    const key = `${system.keys.own('acme')}${KIND}:${jobIds[0]}`;
    const opts = JSON.parse((await system.client.hget(key, 'opts')) ?? '{}') as object;
    await system.client.hset(key, 'opts', JSON.stringify({ ...opts, attempts: 2 }));
    await startWorker(system);

    expect(await system.ended(jobIds[0])).toMatchObject({ state: 'completed', attemptsMade: 4 });
  });
});

describe('while the host of a tenant is away', () => {
  test('for longer than the time for retries, the backlog waits, and is delivered in order afterwards', async () => {
    const environment = { ...PATIENT, JOB_RETRY_FOR: `${RETRY_FOR_MS}ms` };
    const system = await openSystem({ environment });
    await system.sandbox.inject({ operations: { 'message.send': { dropRate: 1 } } });
    await startWorker(system);
    const startedAtMs = Date.now();
    const entries = Array.from({ length: 60 }, (_, n) =>
      message({ conversationId: `conv-${n % CONVERSATIONS}` }),
    );
    await system.openProducer().enqueueMany(KIND, entries);

    await waitFor(() => Date.now() - startedAtMs > 5 * RETRY_FOR_MS, { what: 'a long outage' });
    const failed = await failedJobs(system);
    await system.sandbox.inject({});

    await waitFor(() => system.sandbox.stats().accepted === 60 - failed, {
      what: 'what is left of the backlog',
    });
    // Only messages whose first attempt came when the outage began; never the messages behind them.
    expect(failed).toBeLessThanOrEqual(CONVERSATIONS);
    expect(system.sandbox.stats()).toMatchObject({ duplicates: 0, outOfOrder: 0 });
  });
});

describe('a missing permission', () => {
  test('fails one job, and the backlog waits until an operator resumes the bucket', async () => {
    const system = await openSystem({ environment: PATIENT });
    await system.sandbox.inject({
      operations: {
        'message.send': { errors: [{ status: 403, rate: 1 }] },
        'session.read': { errors: [{ status: 403, rate: 1 }] },
      },
    });
    const worker = await startWorker(system);
    const entries = Array.from({ length: 50 }, () => message({ conversationId: 'conv' }));
    await system.openProducer().enqueueMany(KIND, entries);
    await waitFor(async () => (await failedJobs(system)) === 1, { what: 'a dead letter' });

    expect(await system.flow.status(BUCKET)).toMatchObject({ reason: 'permission-missing' });
    const status = await runCommand(['status'], { env: system.environment });
    expect(status.stdout).toContain('permission-missing');
    expect(await failedJobs(system)).toBe(1);
    expect(logOf(worker).filter(({ error }) => error?.code === 'SCOPE_MISSING')).toHaveLength(1);

    await system.sandbox.inject({});
    await runCommand(['resume', 'acme'], { env: system.environment });
    await waitFor(() => system.sandbox.stats().accepted === 49, { what: 'the backlog' });
    expect(await failedJobs(system)).toBe(1);
    expect(await system.flow.status(BUCKET)).toMatchObject({ reason: '' });
  });
});

async function failedJobs({ queues }: System): Promise<number> {
  return await queues.of(KIND, 'acme').getFailedCount();
}
