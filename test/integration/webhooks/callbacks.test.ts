import { Webhook } from 'standardwebhooks';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startWorker } from '../../support/gwm.ts';
import { openReceiver, type Received, type Receiver } from '../../support/receiver.ts';
import { message, openSystem, type System, text } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';

const TEXT = 'canary: my card number is 1234';
const TENANTS = [
  { id: 'acme', callback: {} },
  { id: 'quiet', callback: { events: ['failed'] } },
  { id: 'unsigned' },
];

let system: System;
let receiver: Receiver;

beforeAll(async () => {
  system = await openSystem({ tenants: TENANTS });
  await startWorker(system);
});
beforeEach(async () => {
  await system.sandbox.reset();
  receiver = await openReceiver();
});

describe('a callback', () => {
  test('tells that a message was delivered, signed by the rules of Standard Webhooks', async () => {
    const { jobId } = await run({ idempotencyKey: 'order-1' });

    const [request] = await calls(1);
    expect(verified(request)).toEqual({
      type: 'message.delivered',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      data: {
        tenantId: 'acme',
        jobId,
        conversationId: 'conv-def-456',
        guestId: 'guest-abc-123',
        idempotencyKey: 'order-1',
        status: 'delivered',
        sequence: expect.any(Number),
        attempts: 1,
        latencyMs: expect.any(Number),
        messageId: expect.stringMatching(/^msg-/),
        requestMs: expect.any(Number),
      },
    });
    expect(request).toMatchObject({
      method: 'POST',
      headers: { 'content-type': 'application/json', 'webhook-id': `wh-${jobId}-delivered` },
    });
  });

  test('tells that a message failed, with the code and the fields', async () => {
    await refuse({ code: 'bad.request', details: [{ fieldName: 'to.id', errorCode: 'not.known' }] });

    await run();

    const [request] = await calls(1);
    expect(verified(request)).toMatchObject({
      type: 'message.failed',
      data: {
        status: 'failed',
        error: { code: 'CONTENT_REFUSED', status: 400, details: ['to.id: not.known'] },
      },
    });
  });

  test('tells that a message expired', async () => {
    await run({ expiresAt: '2020-01-01T00:00:00Z' });

    const [request] = await calls(1);
    expect(verified(request)).toMatchObject({
      type: 'message.expired',
      data: { status: 'expired', error: { code: 'JOB_EXPIRED' } },
    });
  });

  test('never has the text of the message, nor what Genesys Cloud quotes of it', async () => {
    await refuse({
      code: 'bad.request',
      message: TEXT,
      details: [{ fieldName: 'body.content', message: TEXT }],
    });
    await run();
    await run();

    for (const { body, headers } of await calls(2)) {
      expect(body + JSON.stringify(headers)).not.toContain('canary');
    }
  });

  test('goes to the address of the job, for the outcomes that it asks for', async () => {
    await run({ callback: { url: `${receiver.url}/failures`, events: ['failed'] } });
    await refuse({});
    await run({ callback: { url: `${receiver.url}/failures`, events: ['failed'] } });

    expect(await calls(1)).toMatchObject([{ path: '/failures' }]);
  });

  test('goes to the address of the tenant, for the outcomes that it asks for, when the job has none', async () => {
    await system.writeTenants([
      { id: 'quiet', callback: { url: `${receiver.url}/of-tenant`, events: ['failed'] } },
    ]);
    const own = await startWorker(system, { QUEUE_PREFIX: `${system.redis.prefix}-own` });
    await system.writeTenants(TENANTS);
    const producer = system.openProducer({ queuePrefix: `${system.redis.prefix}-own` });
    await refuse({});

    // The first is refused, the second delivered.
    await producer.enqueue('message-transmission', message({ tenantId: 'quiet' }));
    await own.line(/CONTENT_REFUSED/);
    await producer.enqueue('message-transmission', message({ tenantId: 'quiet' }));
    await own.line(/message-transmission done/);

    const [request, ...others] = await calls(1);
    expect(request?.path).toBe('/of-tenant');
    expect(verified(request)).toMatchObject({ type: 'message.failed', data: { tenantId: 'quiet' } });
    expect(others).toEqual([]);
  });

  test('is never sent unsigned', async () => {
    const { jobId } = await run({ tenantId: 'unsigned' });

    expect(await callbackOf(jobId, 'unsigned')).toMatchObject({
      state: 'failed',
      failedReason: 'WEBHOOK_SECRET_MISSING: tenant unsigned has no callback.secret',
    });
    expect(receiver.received).toEqual([]);
  });
});

describe('a receiver', () => {
  test('that fails gets the callback again: same id, same body, a signature of its own', async () => {
    receiver.answerWith({ status: 500 }, { status: 503 });

    const { jobId } = await run();

    const requests = await calls(3);
    expect(new Set(requests.map(({ headers }) => headers['webhook-id']))).toEqual(
      new Set([`wh-${jobId}-delivered`]),
    );
    expect(new Set(requests.map(({ body }) => body)).size).toBe(1);
    for (const request of requests) verified(request);
    expect(await callbackOf(jobId)).toMatchObject({ state: 'completed', attemptsMade: 3 });
  });

  test('that fails every time is given up after the schedule', async () => {
    receiver.answerWith(...Array.from({ length: 5 }, () => ({ status: 500 })));

    const { jobId } = await run();

    expect(await callbackOf(jobId)).toMatchObject({
      state: 'failed',
      attemptsMade: 3,
      failedReason: 'WEBHOOK_REFUSED: the receiver answered 500',
    });
    expect(receiver.received).toHaveLength(3);
  });

  test('that is gone for good is left alone', async () => {
    receiver.answerWith({ status: 410 });

    const { jobId } = await run();

    expect(await callbackOf(jobId)).toMatchObject({
      state: 'failed',
      attemptsMade: 1,
      failedReason: 'WEBHOOK_GONE: the receiver answered 410',
    });
    expect(receiver.received).toHaveLength(1);
  });

  test.each([301, 302, 307, 308])('cannot send the callback elsewhere with %i', async (status) => {
    const elsewhere = await openReceiver();
    receiver.answerWith({ status, headers: { location: `${elsewhere.url}/inner` } });

    const { jobId } = await run();

    expect(await callbackOf(jobId)).toMatchObject({ state: 'completed', attemptsMade: 2 });
    expect(receiver.received).toHaveLength(2);
    expect(elsewhere.received).toEqual([]);
  });

  test('that does not answer in time gets the callback again', async () => {
    receiver.answerWith(undefined);

    const { jobId } = await run();

    expect(await callbackOf(jobId)).toMatchObject({ state: 'completed', attemptsMade: 2 });
  });

  test('that says when to come back is obeyed', async () => {
    receiver.answerWith({ status: 429, headers: { 'retry-after': '1' } });
    const startedMs = performance.now();

    const { jobId } = await run();

    expect(await callbackOf(jobId)).toMatchObject({ state: 'completed' });
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(990);
  });

  test('that is down does not hold up the messages, nor fail them', async () => {
    const { state } = await run({ callback: { url: 'http://127.0.0.1:9/nobody' } });

    expect(state).toBe('completed');
  });
});

/** Hands over a message that reports to the receiver, and waits for its end. */
async function run(fields: { tenantId?: string; [name: string]: unknown } = {}) {
  const data = message({ body: text(TEXT), callback: { url: receiver.url }, ...fields });
  const { jobIds } = await system.openProducer().enqueue('message-transmission', data as never);
  const jobId = jobIds[0] ?? '';
  return { jobId, ...(await system.ended(jobId)) };
}

/** The end of the callback of a job. */
async function callbackOf(jobId: string, tenantId = 'acme') {
  return await system.ended(`wh-${jobId}-delivered`, { kind: 'webhook-delivery', tenantId });
}

/** Makes Genesys Cloud refuse the next message. */
async function refuse(body: object): Promise<void> {
  const errors = [{ status: 400, rate: 1, times: 1, body }];
  await system.sandbox.inject({ operations: { 'message.send': { errors } } });
}

/** What the receiver got, once it got that many. */
async function calls(count: number): Promise<readonly Received[]> {
  await waitFor(() => receiver.received.length >= count, { what: `${count} callbacks` });
  return receiver.received;
}

/** The body of a callback whose signature the reference implementation accepts. */
function verified(request: Received | undefined): unknown {
  if (!request) throw new Error('there is no callback');
  return new Webhook(system.webhookSecret).verify(request.body, request.headers as Record<string, string>);
}
