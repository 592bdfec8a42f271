import { describe, expect, test } from 'vitest';
import { uuidOf } from '../../../src/core/ids.ts';
import { ROUNDING_MS } from '../../support/clock.ts';
import { leastMs, steady } from '../../support/flow/rate.ts';
import { cardFields, guideCard } from '../../support/guides/card.ts';
import { startWorker } from '../../support/gwm.ts';
import { openReceiver } from '../../support/receiver.ts';
import { setStage } from '../../support/stage.ts';
import { card, message, openSystem, PATIENT, type System, text } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';

const CARD = 'card-delivery';
const MESSAGE = 'message-transmission';

/** One worker for the tests of single cards. Each test has its own tenant. */
const stage = setStage({
  kind: CARD,
  sample: card,
  environment: { ...PATIENT, JOB_RETRY_FOR: '1m' },
});

describe('a card', () => {
  test('is delivered end to end with the documented request', async () => {
    const { jobId, ...end } = await stage.run();

    expect(end).toMatchObject({
      state: 'completed',
      attemptsMade: 1,
      result: {
        messageId: uuidOf(jobId),
        templateId: 'order-confirmation-v2',
        requestMs: expect.any(Number),
      },
    });
    const [request] = await stage.system.sandbox.requests('card.send');
    expect(request).toMatchObject({
      status: 200,
      requestId: jobId,
      sequence: 1,
      conversationId: 'conv-def-456',
      headers: {
        'cache-control': 'no-cache, no-store, must-revalidate',
        pragma: 'no-cache',
        accept: 'application/json',
        'content-type': 'application/json',
        'x-genesys-request-id': jobId,
      },
      body: {
        conversationId: 'conv-def-456',
        message: {
          type: 'webchat',
          card: { ...guideCard, messageId: uuidOf(jobId) },
        },
      },
    });
  });

  test('arrives sanitized', async () => {
    await stage.run({
      fields: { title: 'Tom & <b onclick=alert(1)>Jerry</b>', note: '<p style="x">5 < 6</p>' },
    });

    const [request] = await stage.system.sandbox.requests('card.send');
    expect(request?.body).toMatchObject({
      message: { card: { dynamicFields: { title: 'Tom & Jerry', note: '<p>5 &lt; 6</p>' } } },
    });
  });

  test('from another program is rejected by the worker, and not sent', async () => {
    const { system, tenantId } = stage;
    const payload = card({ tenantId, fields: { title: 'javascript:alert(1)' } });
    const queue = system.queues.of(CARD, tenantId);
    await queue.add(CARD, { tenantId, payload }, { jobId: 'by-hand' });

    const { state, failedReason } = await stage.ended('by-hand');
    expect(state).toBe('failed');
    expect(failedReason).toMatch(/^JOB_INVALID: fields\.title: blocked by the pattern/);
    expect(await system.sandbox.requests('card.send')).toEqual([]);
    await expectStillAtWork(system, tenantId);
  });

  test('with endless nesting does not block the worker', async () => {
    const { system, tenantId } = stage;
    const queue = system.queues.of(CARD, tenantId);
    const job = await queue.add(
      CARD,
      { tenantId, payload: card({ tenantId }) },
      { jobId: 'deep', delay: 60_000 },
    );
    await nestComponents(system, tenantId, 'deep');
    await job.promote();

    const { failedReason } = await stage.ended('deep');
    expect(failedReason).toMatch(/^JOB_INVALID: components\[0\].*expected at most/);
    await expectStillAtWork(system, tenantId);
  });
});

describe('cards and messages of one conversation', () => {
  test('arrive in the order of acceptance, through failures and with two workers', async () => {
    const system = await openSystem({ environment: { JOB_RETRY_FOR: '1m' } });
    const issues = {
      latencyMs: { min: 0, max: 20 },
      errors: [
        { status: 503, rate: 0.1 },
        { status: 429, rate: 0.02, retryAfterSeconds: 0 },
      ],
      dropRate: 0.02,
    };
    await system.sandbox.inject({ operations: { 'message.send': issues, 'card.send': issues } });
    await Promise.all([startWorker(system), startWorker(system)]);
    const producer = system.openProducer();

    for (let n = 0; n < 60; n++) {
      const conversationId = `conv-${n % 4}`;
      if (n % 3 === 0) await producer.enqueue(CARD, card({ conversationId, fields: { title: `${n}` } }));
      else await producer.enqueue(MESSAGE, message({ conversationId, body: text(`${n}`) }));
    }
    await waitFor(() => system.sandbox.stats().accepted >= 60, { what: '60 deliveries' });

    expect(system.sandbox.stats()).toMatchObject({ accepted: 60, outOfOrder: 0, duplicates: 0 });
    expect(await numbersPerConversation(system)).toEqual(
      [0, 1, 2, 3].map((conversation) => Array.from({ length: 15 }, (_, n) => n * 4 + conversation)),
    );
  });
});

describe('a card with a temporary failure', () => {
  test('is sent again with the same ids', async () => {
    await injectCards({ errors: [{ status: 503, rate: 1, times: 2 }] });

    const { jobId, ...end } = await stage.run();

    expect(end).toMatchObject({ state: 'completed', attemptsMade: 3 });
    const requests = await stage.system.sandbox.requests('card.send');
    expect(requests.map(({ status, requestId, body }) => [status, requestId, messageIdIn(body)])).toEqual([
      [503, jobId, uuidOf(jobId)],
      [503, jobId, uuidOf(jobId)],
      [200, jobId, uuidOf(jobId)],
    ]);
  });

  test('pauses the cards of its tenant after a 429, but not the messages', async () => {
    const refusal = { status: 429, rate: 1, times: 1, retryAfterSeconds: 3 };
    await injectCards({ errors: [refusal] });
    const { system, tenantId } = stage;
    const jobId = await stage.enqueue();
    const cards = { tenantId, bucketClass: 'cards' } as const;
    await waitFor(async () => (await system.flow.status(cards)).pausedForMs > 0, { what: 'a pause' });

    await expectStillAtWork(system, tenantId);
    expect(await system.flow.status({ ...cards, bucketClass: 'messages' })).toMatchObject({ pausedForMs: 0 });

    expect(await stage.ended(jobId)).toMatchObject({ state: 'completed', attemptsMade: 1 });
    const [refused, accepted] = await system.sandbox.requests('card.send');
    expect(Date.parse(accepted?.at ?? '') - Date.parse(refused?.at ?? '')).toBeGreaterThanOrEqual(
      3000 - ROUNDING_MS,
    );
    const [other] = await system.sandbox.requests('message.send');
    expect(Date.parse(other?.at ?? '')).toBeLessThan(Date.parse(accepted?.at ?? ''));
  });
});

describe('the rate limit of cards', () => {
  test('is kept, and does not limit messages', async () => {
    const cardLimit = steady({ capacity: 10, ratePerSecond: 5 });
    const system = await openSystem({
      tenants: [{ id: 'acme', cardLimit }],
      environment: PATIENT,
    });
    await startWorker(system);
    const producer = system.openProducer();
    const conversations = Array.from({ length: 30 }, (_, n) => `conv-${n}`);
    const startedMs = performance.now();
    await producer.enqueueMany(
      CARD,
      conversations.map((conversationId) => card({ conversationId })),
    );
    await producer.enqueueMany(
      MESSAGE,
      conversations.map((id) => message({ conversationId: `m-${id}` })),
    );

    const taken = (operation: string) => system.sandbox.stats().byOperation[operation]?.accepted;
    await waitFor(() => taken('message.send') === 30, { what: '30 messages' });
    expect(taken('card.send')).toBeLessThan(30);
    await waitFor(() => taken('card.send') === 30, { what: '30 cards' });

    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(leastMs(cardLimit, 30));
    expect(system.sandbox.stats()).toMatchObject({ rateLimited: 0, duplicates: 0, outOfOrder: 0 });
  });
});

describe('a refused card', () => {
  test('with a 403 for an ended session has the reason that the conversation is closed', async () => {
    await stage.system.sandbox.endSession(stage.tenantId, 'conv-ended');
    expect(await failureOf({ conversationId: 'conv-ended' })).toBe(
      'CONVERSATION_CLOSED: the guest session has ended',
    );
  });

  test('with a 403 is explained by the session of the job', async () => {
    await injectCards({ errors: [{ status: 403, rate: 1 }] });
    await stage.system.sandbox.endSession(stage.tenantId, 'session-1');
    expect(await failureOf({ sessionId: 'session-1' })).toMatch(/^CONVERSATION_CLOSED/);
  });

  test('with a 403 for a client without the scope names the scope, and does not pause messages', async () => {
    const scopes = ['messaging:conversation:write', 'messaging:conversation:read'];
    const system = await openSystem({ tenants: [{ id: 'acme', scopes }] });
    await startWorker(system);
    const { jobIds } = await system.openProducer().enqueue(CARD, card());
    expect(await system.ended(jobIds[0], { kind: CARD })).toMatchObject({
      state: 'failed',
      failedReason: expect.stringMatching(/^SCOPE_MISSING: card\.send: .*webchat:guest:write/),
    });
    await expectStillAtWork(system, 'acme');
  });

  test('with a 400 has the names of the refused fields', async () => {
    const body = { details: [{ fieldName: 'message.card.components', errorCode: 'max.depth' }] };
    const errors = [{ status: 400, rate: 1, body }];
    await injectCards({ errors });
    expect(await failureOf()).toMatch(/^CONTENT_REFUSED: .*message\.card\.components: max\.depth/);
  });
});

describe('the callback of a card', () => {
  test('has the outcome of the card, and no text of it', async () => {
    const receiver = await openReceiver();
    const system = await openSystem({ tenants: [{ id: 'acme', callback: { url: receiver.url } }] });
    await startWorker(system);
    const producer = system.openProducer();
    const { jobIds } = await producer.enqueue(CARD, card());
    await waitFor(() => receiver.received.length === 1, { what: 'the first callback' });
    await system.expire(CARD, card({ conversationId: 'conv-late' }));

    await waitFor(() => receiver.received.length === 2, { what: 'two callbacks' });
    const events = receiver.received.map(({ body }): Event => JSON.parse(body));
    const types = events.map(({ type }) => type).toSorted();
    expect(types).toEqual(['card.delivered', 'card.expired']);
    const delivered = events.find(({ type }) => type === 'card.delivered');
    expect(delivered?.data).toMatchObject({
      conversationId: 'conv-def-456',
      messageId: uuidOf(jobIds[0] ?? ''),
      templateId: 'order-confirmation-v2',
      status: 'delivered',
    });
    expect(JSON.stringify(events)).not.toContain(cardFields.title);
  });
});

interface Event {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Makes the sandbox answer cards of the current test in this way. */
async function injectCards(issues: object): Promise<void> {
  await stage.system.sandbox.inject({ operations: { 'card.send': issues } });
}

async function failureOf(fields: object = {}): Promise<string | undefined> {
  const { state, failedReason } = await stage.run(fields);
  expect(state).toBe('failed');
  return failedReason;
}

async function expectStillAtWork(system: System, tenantId: string): Promise<void> {
  const job = message({ tenantId, conversationId: 'conv-next' });
  const { jobIds } = await system.openProducer().enqueue(MESSAGE, job);
  expect(await system.ended(jobIds[0], { tenantId })).toMatchObject({ state: 'completed' });
}

/** Writes job data that no producer writes. */
async function nestComponents(system: System, tenantId: string, jobId: string): Promise<void> {
  const deep = `${'[{"type":"x","components":'.repeat(50_000)}[]${'}]'.repeat(50_000)}`;
  const data = JSON.stringify({ tenantId, payload: card({ tenantId, components: 0 }) });
  const key = system.queues.of(CARD, tenantId).toKey(jobId);
  await system.client.hset(key, 'data', data.replace('"components":0', `"components":${deep}`));
}

function messageIdIn(body: unknown): string {
  return (body as { message: { card: { messageId: string } } }).message.card.messageId;
}

/** The numbers that arrived in each conversation, from titles of cards and texts of messages. */
async function numbersPerConversation({ sandbox }: System): Promise<number[][]> {
  const accepted = (await sandbox.requests()).filter(
    ({ status, operation }) => status === 200 && (operation === 'card.send' || operation === 'message.send'),
  );
  const byConversation = Map.groupBy(accepted, ({ conversationId }) => conversationId);
  return [...byConversation.keys()].toSorted().map((name) =>
    (byConversation.get(name) ?? []).map(({ operation, body }) => {
      if (operation === 'message.send') return Number((body as { body: { content: string } }).body.content);
      return Number(
        (body as { message: { card: { dynamicFields: { title: string } } } }).message.card.dynamicFields
          .title,
      );
    }),
  );
}
