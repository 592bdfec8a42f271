import { describe, expect, test } from 'vitest';
import { message, openSystem } from '../../support/system.ts';
import { callerOf } from './calls.ts';
import { openServer } from './stage.ts';

const { tenantId: _tenantId, ...data } = message();

const EVENT = {
  specversion: '1.0',
  id: '17',
  source: '/shop/orders',
  type: 'com.genesys.webmessaging.message-transmission',
  partitionkey: 'acme',
  data,
};

const STRUCTURED = { 'content-type': 'application/cloudevents+json' };
const BATCHED = { 'content-type': 'application/cloudevents-batch+json; charset=utf-8' };
const BINARY = {
  'content-type': 'application/json',
  'ce-specversion': '1.0',
  'ce-id': '17',
  'ce-source': '/shop/orders',
  'ce-type': 'com.genesys.webmessaging.message-transmission',
  'ce-partitionkey': 'acme',
};

async function stage() {
  const system = await openSystem({ tenants: ['acme', 'globex'] });
  const { url, keys } = await openServer(system);
  return { system, url, keys, call: callerOf(url, await keys.make()) };
}

describe('CloudEvents', () => {
  test('are the same job in every mode, by source and id', async () => {
    const { system, call } = await stage();

    const answers = [
      await call('/v1/events', { body: EVENT, headers: STRUCTURED }),
      await call('/v1/events', { body: data, headers: BINARY }),
      await call('/v1/events', { body: [EVENT, { ...EVENT, id: '18' }], headers: BATCHED }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
    const id = answers[0]?.body.results[0].id;
    expect(answers.map(({ body }) => body.results.map(({ status }: { status: string }) => status))).toEqual([
      ['accepted'],
      ['accepted'],
      ['replayed', 'accepted'],
    ]);
    expect(answers.map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([null, 'true', null]);
    expect(answers[1]?.body.results[0].id).toBe(id);
    expect(await system.jobs.get('message-transmission', id)).toMatchObject({ tenantId: 'acme' });
  });

  test('name errors by attributes and fields', async () => {
    const { call } = await stage();

    const field = await call('/v1/events', {
      body: { ...EVENT, data: { ...data, guestId: 5 } },
      headers: STRUCTURED,
    });
    const attribute = await call('/v1/events', { body: { ...EVENT, type: 'other' }, headers: STRUCTURED });

    expect([field.status, field.body.code]).toEqual([422, 'JOB_INVALID']);
    expect(field.body.errors).toEqual([{ pointer: '#/data/guestId', detail: expect.any(String) }]);
    expect(attribute.body.errors).toEqual([{ pointer: '#/type', detail: expect.any(String) }]);
  });

  test.for([
    [
      'structured',
      STRUCTURED,
      { ...EVENT, data: { ...data, expiresAt: '2020-01-01T00:00:00Z' } },
      '#/data/expiresAt',
    ],
    [
      'batched',
      BATCHED,
      [{ ...EVENT, data: { ...data, expiresAt: '2020-01-01T00:00:00Z' } }],
      '#/0/data/expiresAt',
    ],
  ] as const)('in %s mode name the field of a job that has expired', async ([, headers, body, pointer]) => {
    const { call } = await stage();

    const answer = await call('/v1/events', { body, headers });

    expect(answer.status).toBe(422);
    expect(answer.body.errors).toEqual([{ pointer, detail: expect.stringContaining('in the future') }]);
  });

  test('in a batch have a result each when one of them is not valid', async () => {
    const { call } = await stage();

    const { status, body } = await call('/v1/events', {
      body: [EVENT, { ...EVENT, id: '18', data: {} }],
      headers: BATCHED,
    });

    expect([status, body.code]).toEqual([422, 'JOB_INVALID']);
    expect(body.results).toMatchObject([
      { index: 0, status: 'accepted' },
      { index: 1, status: 'rejected', code: 'JOB_INVALID' },
    ]);
  });

  test('for the tenant of another key are refused as for an unknown one', async () => {
    const { url, keys } = await stage();
    const call = callerOf(url, await keys.make({ tenants: ['acme'] }));

    const [foreign, unknown] = await Promise.all(
      ['globex', 'nowhere'].map((partitionkey) =>
        call('/v1/events', { body: { ...EVENT, partitionkey }, headers: STRUCTURED }),
      ),
    );

    expect(foreign?.status).toBe(422);
    expect(foreign?.body).toEqual(unknown?.body);
  });

  test.for([
    ['BODY_UNREADABLE', 400, '{', STRUCTURED],
    ['MEDIA_TYPE_UNSUPPORTED', 415, '{}', { 'content-type': 'application/cloudevents+xml' }],
    ['BATCH_TOO_LARGE', 413, JSON.stringify(Array(1001).fill(EVENT)), BATCHED],
  ] as const)('that cannot be read: %s', async ([code, status, body, headers]) => {
    const { call } = await stage();

    const answer = await call('/v1/events', { body, headers });

    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  test('are agreed to by a handshake that needs no key', async () => {
    const { url } = await stage();

    const { status, headers } = await callerOf(url, undefined)('/v1/events', {
      method: 'OPTIONS',
      headers: { 'webhook-request-origin': 'events.example.com', 'webhook-request-rate': '120' },
    });

    expect(status).toBe(204);
    expect(headers.get('webhook-allowed-origin')).toBe('events.example.com');
    expect(headers.get('webhook-allowed-rate')).toBe('120');
  });
});

test('events whose check takes longer than a short answer are accepted, and so is their repetition', async () => {
  const system = await openSystem({ tenants: ['acme'] });
  const { url, keys } = await openServer(system, { HTTP_ANSWER_TIMEOUT: '1s' });
  const call = callerOf(url, await keys.make());
  const content = 'The quick brown fox jumps over the lazy dog. '.repeat(1300);
  const events = Array.from({ length: 100 }, (_, n) => ({
    ...EVENT,
    id: `long-${n}`,
    data: { ...data, conversationId: `c-${n}`, split: true, body: { contentType: 'text/plain', content } },
  }));
  await call('/v1/jobs?tenant=acme');

  for (const status of ['accepted', 'replayed']) {
    const answer = await call('/v1/events', { body: events, headers: BATCHED });
    expect(answer.status).toBe(202);
    expect(answer.body.results).toHaveLength(events.length);
    expect(answer.body.results).toContainEqual(expect.objectContaining({ status }));
  }
});

test('an event with the header Idempotency-Key of another key is refused', async () => {
  const { call } = await stage();
  const send = (key: string) =>
    call('/v1/events', { body: EVENT, headers: { ...STRUCTURED, 'idempotency-key': key } });

  const other = await send('order-17');
  const invalid = await send('');

  expect([other.status, other.body.code]).toEqual([422, 'IDEMPOTENCY_KEYS_DIFFER']);
  expect([invalid.status, invalid.body.code]).toEqual([400, 'IDEMPOTENCY_KEY_INVALID']);
});
