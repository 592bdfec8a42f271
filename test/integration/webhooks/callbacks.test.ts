import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { startWorker } from '../../support/gwm.ts';
import { openOwnRedis } from '../../support/own-redis.ts';
import { openRefusingProxy } from '../../support/refusing-proxy.ts';
import { message, openSystem } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import { setCallbackStage, TEXT } from './stage.ts';

const ACME = { id: 'acme', callback: {} };
const TENANTS = [
  ACME,
  { id: 'quiet', callback: { events: ['failed'] } },
  { id: 'unsigned' },
  {
    id: 'rotating',
    callback: { secret: { env: 'NEW_WEBHOOK_SECRET' }, previousSecret: { env: 'WEBHOOK_SECRET' } },
  },
  { id: 'holding', callback: {}, onUnknownOutcome: 'hold' as const },
];
const NEW_SECRET = `whsec_${randomBytes(32).toString('base64')}`;

const stage = setCallbackStage({ tenants: TENANTS, environment: { NEW_WEBHOOK_SECRET: NEW_SECRET } });

describe('a callback', () => {
  test('reports a delivered message, signed by the rules of Standard Webhooks', async () => {
    const { jobId } = await stage.run({ idempotencyKey: 'order-1' });

    const [request] = await stage.calls(1);
    expect(stage.verified(request)).toEqual({
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
        correlationId: expect.any(String),
      },
    });
    expect(request).toMatchObject({
      method: 'POST',
      headers: { 'content-type': 'application/json', 'webhook-id': `wh-${jobId}-delivered` },
    });
  });

  test('reports a failed message, with the code and the fields', async () => {
    await stage.refuse({ code: 'bad.request', details: [{ fieldName: 'to.id', errorCode: 'not.known' }] });

    await stage.run();

    const [request] = await stage.calls(1);
    expect(stage.verified(request)).toMatchObject({
      type: 'message.failed',
      data: {
        status: 'failed',
        error: { code: 'CONTENT_REFUSED', status: 400, details: ['to.id: not.known'] },
      },
    });
  });

  test('reports an expired message', async () => {
    await stage.system.expire('message-transmission', message({ callback: { url: stage.receiver.url } }));

    const [request] = await stage.calls(1);
    expect(stage.verified(request)).toMatchObject({
      type: 'message.expired',
      data: { status: 'expired', error: { code: 'JOB_EXPIRED' } },
    });
  });

  test('never has the text of the message, nor a quotation of it by Genesys Cloud', async () => {
    await stage.refuse({
      code: 'bad.request',
      message: TEXT,
      details: [{ fieldName: 'body.content', message: TEXT }],
    });
    await stage.run();
    await stage.run();

    for (const { body, headers } of await stage.calls(2)) {
      expect(body + JSON.stringify(headers)).not.toContain('canary');
    }
  });

  test('goes to the address of the job, for the outcomes that the job chose', async () => {
    await stage.run({ callback: { url: `${stage.receiver.url}/failures`, events: ['failed'] } });
    await stage.refuse({});
    await stage.run({ callback: { url: `${stage.receiver.url}/failures`, events: ['failed'] } });

    expect(await stage.calls(1)).toMatchObject([{ path: '/failures' }]);
  });

  test('goes to the address of the tenant, for the outcomes that the tenant chose, if the job has no address', async () => {
    await stage.system.writeTenants([
      { id: 'quiet', callback: { url: `${stage.receiver.url}/of-tenant`, events: ['failed'] } },
    ]);
    const own = await startWorker(stage.system, { QUEUE_PREFIX: `${stage.system.redis.prefix}-own` });
    await stage.system.writeTenants(TENANTS);
    const producer = stage.system.openProducer({ queuePrefix: `${stage.system.redis.prefix}-own` });
    await stage.refuse({});

    // Genesys Cloud refuses the first message and accepts the second.
    await producer.enqueue('message-transmission', message({ tenantId: 'quiet' }));
    await own.line(/CONTENT_REFUSED/);
    await producer.enqueue('message-transmission', message({ tenantId: 'quiet' }));
    await own.line(/message-transmission done/);

    const [request, ...others] = await stage.calls(1);
    expect(request?.path).toBe('/of-tenant');
    expect(stage.verified(request)).toMatchObject({ type: 'message.failed', data: { tenantId: 'quiet' } });
    expect(others).toEqual([]);
  });

  test('reports a held message, which may or may not have been delivered', async () => {
    const fields = { tenantId: 'holding', callback: { url: stage.receiver.url } };
    const queuePrefix = `${stage.system.redis.prefix}-held`;
    const quick = { QUEUE_PREFIX: queuePrefix, REQUEST_TIMEOUT: '500ms', LOCK_DURATION: '1s' };
    await stage.system.sandbox.inject({ operations: { 'message.send': { hang: 1 } } });
    const victim = await startWorker(stage.system, quick);
    await stage.system.openProducer({ queuePrefix }).enqueue('message-transmission', message(fields));
    await waitFor(async () => (await stage.system.sandbox.requests('message.send')).length === 1, {
      what: 'the request of the worker that is killed',
    });
    victim.kill('SIGKILL');
    await victim.exit;

    await startWorker(stage.system, quick);

    const [request] = await stage.calls(1);
    expect(stage.verified(request)).toMatchObject({
      type: 'message.held',
      data: { status: 'held', error: { code: 'OUTCOME_UNKNOWN' } },
    });
  });

  test('is signed with both secrets during a rotation', async () => {
    await stage.run({ tenantId: 'rotating' });

    const [request] = await stage.calls(1);
    expect(request?.headers['webhook-signature']).toMatch(/^v1,\S+ v1,\S+$/);
    for (const secret of [NEW_SECRET, stage.system.webhookSecret]) {
      expect(stage.verified(request, secret)).toMatchObject({ type: 'message.delivered' });
    }
  });

  test('survives a refusal of Redis, also on the last attempt of its job', async () => {
    const redis = await openOwnRedis();
    const proxy = await openRefusingProxy(redis.url);
    const environment = { JOB_RETRY_FOR: '0s' };
    const system = await openSystem({ redis, tenants: [ACME], environment });
    const refusal = proxy.refuse(/^eval.* arrive acme /s, Number.POSITIVE_INFINITY);
    const worker = await startWorker(system, { REDIS_URL: proxy.url });

    const callback = { url: stage.receiver.url };
    await system.openProducer().enqueue('message-transmission', message({ callback }));
    await waitFor(() => refusal.count() >= 2, { what: 'two callbacks that Redis refused' });
    expect(stage.receiver.received).toEqual([]);
    refusal.end();

    expect(await stage.calls(1)).toHaveLength(1);
    await worker.line(/message-transmission done/);
  });

  test('is never sent unsigned', async () => {
    const { jobId } = await stage.run({ tenantId: 'unsigned' });

    expect(await stage.callbackOf(jobId, 'unsigned')).toMatchObject({
      state: 'failed',
      failedReason: 'WEBHOOK_SECRET_MISSING: tenant unsigned has no callback.secret',
    });
    expect(stage.receiver.received).toEqual([]);
  });

  test('waits for its next attempt as long as the schedule says', async () => {
    const system = await openSystem({ tenants: [ACME], environment: { WEBHOOK_SCHEDULE: '1h' } });
    await startWorker(system);
    stage.receiver.answerWith({ status: 500 });

    const callback = { url: stage.receiver.url };
    await system.openProducer().enqueue('message-transmission', message({ callback }));

    const queue = system.queues.of('webhook-delivery', 'acme');
    const [waiting] = await waitFor(
      async () => {
        const jobs = await queue.getDelayed();
        return jobs.length > 0 && jobs;
      },
      { what: 'the callback that waits' },
    );
    expect(waiting).toMatchObject({ attemptsMade: 1, opts: { attempts: 2 } });
    expect(waiting?.delay).toBeGreaterThan(0.8 * 3_600_000 - 1);
    expect(stage.receiver.received).toHaveLength(1);
  });
});
