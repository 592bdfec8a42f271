import { Webhook } from 'standardwebhooks';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { JobKind } from '../../../src/jobs/catalog.ts';
import { ROUNDING_MS } from '../../support/clock.ts';
import { startWorker } from '../../support/gwm.ts';
import { openReceiver, type Received, type Receiver } from '../../support/receiver.ts';
import { card, message, openSystem, type System } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';

const ANALYTICS_TIMEOUT_MS = 300;
const CALLBACK_TIMEOUT_MS = 60_000;

let analytics: Receiver;
let system: System;

beforeAll(async () => {
  analytics = await openReceiver();
  system = await openSystem({
    tenants: [
      { id: 'acme', analytics: { url: `${analytics.url}/acme` } },
      { id: 'signed', analytics: { url: `${analytics.url}/signed` }, callback: {} },
      { id: 'failing', analytics: { url: `${analytics.url}/failing` } },
    ],
    environment: {
      ANALYTICS_TIMEOUT: `${ANALYTICS_TIMEOUT_MS}ms`,
      WEBHOOK_TIMEOUT: `${CALLBACK_TIMEOUT_MS}ms`,
    },
  });
  await startWorker(system);
});
beforeEach(() => system.sandbox.reset());

describe('an analytics event', () => {
  test('reports a transmitted message with the documented fields', async () => {
    await run('acme');

    const request = await eventAt('/acme', 'success');
    expect(request.headers).toMatchObject({
      'content-type': 'application/json',
      'x-source': 'genesys-transmitter',
    });
    expect(request.headers).not.toHaveProperty('webhook-signature');
    expect(JSON.parse(request.body)).toEqual({
      event_type: 'message_transmission',
      guest_id: 'guest-abc-123',
      conversation_id: 'conv-def-456',
      status: 'success',
      latency_ms: expect.any(Number),
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      error: null,
    });
  });

  test('reports a failed message, with the error and without a latency', async () => {
    await system.sandbox.inject({
      operations: { 'message.send': { errors: [{ status: 400, rate: 1, times: 1 }] } },
    });
    await run('acme');

    expect(JSON.parse((await eventAt('/acme', 'failed')).body)).toMatchObject({
      status: 'failed',
      latency_ms: 0,
      error: expect.stringMatching(/^CONTENT_REFUSED: /),
    });
  });

  test('reports a delivered card with the documented fields', async () => {
    await run('acme', 'card-delivery', card({ template: { id: 'order-confirmation-v2' } }));

    const { headers, body } = await eventAt('/acme', 'card_render_success');
    expect(headers).not.toHaveProperty('x-source');
    expect(JSON.parse(body)).toEqual({
      event: 'card_render_success',
      conversationId: 'conv-def-456',
      messageId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      templateId: 'order-confirmation-v2',
      latency_ms: expect.any(Number),
      timestamp: expect.stringMatching(/Z$/),
      status: 'delivered',
    });
  });

  test('reports a failed card, with its template', async () => {
    const errors = [{ status: 400, rate: 1, times: 1 }];
    await system.sandbox.inject({ operations: { 'card.send': { errors } } });
    await run('acme', 'card-delivery', card({ template: { id: 'order-confirmation-v2' } }));

    expect(JSON.parse((await eventAt('/acme', 'card_render_failure')).body)).toEqual({
      event: 'card_render_failure',
      conversationId: 'conv-def-456',
      templateId: 'order-confirmation-v2',
      error: expect.stringMatching(/^CONTENT_REFUSED: /),
      timestamp: expect.stringMatching(/Z$/),
      status: 'failed',
    });
  });

  test('is signed if the tenant has a secret', async () => {
    await run('signed');

    const { body, headers } = await eventAt('/signed', 'success');
    expect(new Webhook(system.webhookSecret).verify(body, headers as Record<string, string>)).toEqual(
      JSON.parse(body),
    );
  });

  test('is sent once, also if the receiver refuses it', async () => {
    analytics.usually({ status: 500 });
    const jobId = await run('failing');

    expect(await end('failing', jobId)).toMatchObject({
      state: 'failed',
      attemptsMade: 1,
      failedReason: 'WEBHOOK_REFUSED: the receiver answered 500',
    });
    analytics.usually({ status: 204 });
  });

  test('has its own time-out', async () => {
    analytics.answerWith(undefined);
    const jobId = await run('failing');

    expect(await end('failing', jobId)).toMatchObject({ state: 'failed', attemptsMade: 1 });
    const [attempt] = (
      await system.client.lrange(system.keys.attempts('failing', `an-${jobId}-delivered`), 0, -1)
    ).map((entry) => JSON.parse(entry) as { outcome: string; latencyMs: number });
    expect(attempt?.outcome).toBe('unreachable');
    expect(attempt?.latencyMs).toBeGreaterThanOrEqual(ANALYTICS_TIMEOUT_MS - ROUNDING_MS);
    expect(attempt?.latencyMs).toBeLessThan(CALLBACK_TIMEOUT_MS);
  });
});

async function run(tenantId: string, kind: JobKind = 'message-transmission', data: object = message()) {
  const { jobIds } = await system.openProducer().enqueue(kind, { ...data, tenantId } as never);
  await system.ended(jobIds[0], { tenantId, kind });
  return jobIds[0] ?? '';
}

async function end(tenantId: string, jobId: string) {
  return await system.ended(`an-${jobId}-delivered`, { kind: 'webhook-delivery', tenantId });
}

async function eventAt(path: string, status: string): Promise<Received> {
  const find = () =>
    analytics.received.find((request) => request.path === path && request.body.includes(`"${status}"`));
  return await waitFor(find, { what: `the event at ${path}` });
}
