import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startWorker } from '../../support/gwm.ts';
import { openReceiver, type Receiver } from '../../support/receiver.ts';
import { message, openSystem, PATIENT, type System } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';

const KIND = 'message-transmission';

/** Tests share the worker, and each has a tenant of its own. */
let system: System;
let receiver: Receiver;

beforeAll(async () => {
  receiver = await openReceiver();
  const tenants = [
    'answered',
    'limited',
    'cancelled',
    'paused',
    { id: 'called', callback: { url: receiver.url } },
  ];
  system = await openSystem({ tenants, environment: { ...PATIENT, JOB_RETRY_FOR: '1m' } });
  await startWorker(system);
});
beforeEach(async () => await system.sandbox.reset());

async function enqueue(fields: { tenantId: string }): Promise<string> {
  return (await system.openProducer().enqueue(KIND, message(fields))).jobIds[0] ?? '';
}

async function eventsOf(jobId: string) {
  return (await system.jobs.timeline(jobId))?.events ?? [];
}

function notesOf(jobId: string, tenantId: string) {
  return system.client.hget(system.queues.of(KIND, tenantId).toKey(jobId), 'gwm:notes');
}

async function answer(errors: object[]): Promise<void> {
  await system.sandbox.inject({ operations: { 'message.send': { errors } } } as never);
}

describe('the timeline of a job', () => {
  test('has its acceptance, its request and its end; Redis keeps no note of such a job', async () => {
    const tenantId = 'called';
    const jobId = await enqueue({ tenantId });
    await system.ended(jobId, { tenantId });

    const events = await waitFor(
      async () => {
        const all = await eventsOf(jobId);
        return all.some(({ event }) => event === 'callback-taken') ? all : undefined;
      },
      { what: 'the callback' },
    );

    const words = events.map(({ event }) => event).filter((event) => event !== 'waited');
    expect(words).toEqual(['accepted', 'sent', 'delivered', 'callback-taken']);
    expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).sort());
    expect(await notesOf(jobId, tenantId)).toBeNull();
    expect(JSON.stringify(events)).not.toContain(message().body.content);
  });

  test('has each failed attempt, with the status of the answer', async () => {
    const tenantId = 'answered';
    await answer([{ status: 503, rate: 1, times: 2 }]);
    const jobId = await enqueue({ tenantId });
    await system.ended(jobId, { tenantId });

    const events = (await eventsOf(jobId)).filter(({ event }) => event !== 'waited' && event !== 'put-off');

    expect(events).toMatchObject([
      { event: 'accepted' },
      { event: 'attempt-failed', number: 1, code: 'GENESYS_UNAVAILABLE', status: 503 },
      { event: 'attempt-failed', number: 2, code: 'GENESYS_UNAVAILABLE', status: 503 },
      { event: 'sent', number: 3 },
      { event: 'delivered' },
    ]);
  });

  test('has a 429, which is no attempt, and until when the job waited', async () => {
    const tenantId = 'limited';
    await answer([{ status: 429, rate: 1, times: 1, retryAfterSeconds: 1 }]);
    const jobId = await enqueue({ tenantId });
    await system.ended(jobId, { tenantId });

    const events = (await eventsOf(jobId)).filter(({ event }) => event !== 'waited' && event !== 'put-off');

    expect(events).toMatchObject([
      { event: 'accepted' },
      { event: 'postponed', code: 'RATE_LIMITED', status: 429, until: expect.any(String) },
      { event: 'sent', number: 1 },
      { event: 'delivered' },
    ]);
    const [, postponed] = events;
    expect(Date.parse(postponed?.until ?? '') - Date.parse(postponed?.at ?? '')).toBeGreaterThanOrEqual(900);
  });

  test('has a cancellation, and that an operator sent the job again', async () => {
    const tenantId = 'cancelled';
    await system.flow.pause({ tenantId, bucketClass: 'messages' }, 600_000, 'maintenance');
    const jobId = await enqueue({ tenantId });
    await system.jobs.cancel(KIND, jobId);
    await system.ended(jobId, { tenantId });
    expect((await eventsOf(jobId)).at(-1)).toMatchObject({ event: 'cancelled', code: 'JOB_CANCELLED' });

    await system.jobs.retry(KIND, jobId);

    expect((await eventsOf(jobId)).map(({ event }) => event)).toContain('redriven');
    expect((await system.jobs.timeline(jobId))?.waiting.reason).toBeDefined();
  });
});
