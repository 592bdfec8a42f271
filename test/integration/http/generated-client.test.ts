import { readFileSync } from 'node:fs';
import createFetchClient, { type Middleware } from 'openapi-fetch';
import { beforeAll, expect, test } from 'vitest';
import * as bodies from '../../support/api-bodies.ts';
import type { paths } from '../../support/api-types.ts';
import { startWorker } from '../../support/gwm.ts';
import { openReceiver, type Receiver } from '../../support/receiver.ts';
import { openSystem, type System } from '../../support/system.ts';
import { openServer } from './stage.ts';
import type { TestKeys } from './test-keys.ts';

/**
 * A client whose types openapi-typescript has rendered from docs/openapi.json. So a call that the
 * document does not describe is a type error, and the last test names the routes without a call.
 */
type ApiClient = ReturnType<typeof createFetchClient<paths>>;

const NDJSON = 'application/x-ndjson';

let system: System;
let receiver: Receiver;
let client: ApiClient;
let makeKey: TestKeys['make'];
const called = new Set<string>();

beforeAll(async () => {
  system = await openSystem({ tenants: [{ id: 'acme', callback: {} }] });
  receiver = await openReceiver();
  const { url, keys } = await openServer(system);
  const noteCalls: Middleware = {
    onRequest: ({ request, schemaPath }) => void called.add(`${request.method} ${schemaPath}`),
  };
  makeKey = keys.make;
  client = createFetchClient<paths>({
    baseUrl: url,
    headers: { authorization: `Bearer ${await makeKey()}` },
  });
  client.use(noteCalls);
});

test('jobs of each kind', async () => {
  const answers = await Promise.all([
    client.POST('/v1/messages', { body: bodies.message, params: { header: { 'Idempotency-Key': 'one' } } }),
    client.POST('/v1/cards', { body: bodies.card }),
    client.POST('/v1/embeds', { body: bodies.embed }),
    client.POST('/v1/rollouts', { body: bodies.rollout }),
    client.POST('/v1/deployments', { body: bodies.deployment }),
    client.POST('/v1/audit-syncs', { body: bodies.auditSync }),
  ]);

  expect(answers.map(({ data, error }) => data?.status ?? error)).toEqual(Array(6).fill('accepted'));
});

test('a batch', async () => {
  const { data, response } = await client.POST('/v1/batch', {
    body: `${JSON.stringify({ kind: 'message-transmission', ...bodies.message })}\n`,
    bodySerializer: (text: string) => text,
    headers: { 'content-type': NDJSON },
    parseAs: 'text',
  });

  expect(response.status).toBe(200);
  expect(data).toContain('"accepted":1');
});

test('CloudEvents, and their handshake', async () => {
  const { tenantId: _tenant, ...data } = bodies.message;
  const event = {
    specversion: '1.0',
    id: '1',
    source: '/shop',
    type: 'com.genesys.webmessaging.message-transmission',
    partitionkey: 'acme',
    data,
  };
  const headers = { 'content-type': 'application/cloudevents+json' };
  const sent = await client.POST('/v1/events', { body: event, headers });
  const agreed = await client.OPTIONS('/v1/events', {
    params: { header: { 'WebHook-Request-Origin': 'shop.example' } },
  });

  expect(sent.data?.results).toMatchObject([{ status: 'accepted' }]);
  expect(agreed.response.status).toBe(204);
  expect(agreed.response.headers.get('webhook-allowed-origin')).toBe('shop.example');
});

test('jobs that wait', async () => {
  const { data: sent } = await client.POST('/v1/messages', { body: bodies.message });
  const params = { path: { id: sent?.id ?? '' } };

  const { data: job } = await client.GET('/v1/jobs/{id}', { params });
  const list = await client.GET('/v1/jobs', { params: { query: { tenant: 'acme', limit: '1000' } } });
  const retried = await client.POST('/v1/jobs/{id}/retry', { params });
  const cancelled = await client.DELETE('/v1/jobs/{id}', { params });

  expect(job).toMatchObject({ id: sent?.id, kind: 'message-transmission', waiting: expect.anything() });
  expect(list.data?.jobs.map(({ id }) => id)).toContain(sent?.id);
  expect(retried.error?.code).toBe('JOB_NOT_RETRYABLE');
  expect(cancelled.data).toEqual({ id: sent?.id, outcome: 'cancelled' });
});

test('what operators look for', async () => {
  const { conversationId } = bodies.message;
  const fields = { ...bodies.message, idempotencyKey: 'sought' };
  const { data: sent } = await client.POST('/v1/messages', { body: fields });
  const path = { id: sent?.id ?? '' };

  const timeline = await client.GET('/v1/jobs/{id}/timeline', { params: { path } });
  const found = await client.GET('/v1/search', { params: { query: { tenant: 'acme', q: 'sought' } } });
  const conversation = await client.GET('/v1/conversations/{id}', {
    params: { path: { id: conversationId }, query: { tenant: 'acme' } },
  });
  const deadLetters = await client.GET('/v1/dead-letters', { params: { query: { tenant: 'acme' } } });

  expect(timeline.data?.events.map(({ event }) => event)).toContain('accepted');
  expect(found.data?.found.map(({ by, job }) => [by, job.id])).toEqual([['idempotency-key', sent?.id]]);
  expect(conversation.data?.jobs.map(({ id }) => id)).toContain(sent?.id);
  expect(deadLetters.data?.groups).toEqual([]);
});

test('acts on many jobs', async () => {
  const body = { tenant: 'acme', dryRun: true };
  const cancelled = await client.POST('/v1/jobs/cancel', { body, parseAs: 'text' });
  const retried = await client.POST('/v1/jobs/retry', { body, parseAs: 'text' });

  for (const { data } of [cancelled, retried]) expect(data).toContain('"summary"');
});

test('tenants', async () => {
  const params = { path: { id: 'acme' } };

  const answers = [
    await client.GET('/v1/tenants'),
    await client.GET('/v1/tenants/{id}', { params }),
    await client.POST('/v1/tenants/{id}/pause', { params, body: { for: '10m', reason: 'a test' } }),
    await client.POST('/v1/tenants/{id}/resume', { params, body: {} }),
    await client.POST('/v1/tenants/reload'),
  ];

  expect(answers.map(({ response }) => response.status)).toEqual([200, 200, 200, 200, 200]);
});

test('what the tenants do, and the points of charts', async () => {
  const over = { query: { over: '24h' } } as const;

  const overview = await client.GET('/v1/overview', { params: { query: { tenant: 'acme' } } });
  const ofAll = await client.GET('/v1/series', { params: over });
  const ofTenant = await client.GET('/v1/tenants/{id}/series', { params: { path: { id: 'acme' }, ...over } });
  const events = await client.GET('/v1/overview/events', { parseAs: 'stream' });
  const first = await events.data?.getReader().read();
  events.response.body?.cancel().catch(() => {});

  expect(overview.data?.tenants).toMatchObject([{ id: 'acme', state: 'running' }]);
  for (const { data } of [ofAll, ofTenant]) expect(data?.points).toHaveLength(97);
  expect(new TextDecoder().decode(first?.value)).toContain('retry:');
});

test('the end of a job, and its callback', async () => {
  await startWorker(system);
  const body = { ...bodies.message, callback: { url: receiver.url } };
  const { data: sent } = await client.POST('/v1/messages', { body: { ...body, idempotencyKey: 'two' } });
  const id = sent?.id ?? '';

  const events = await client.GET('/v1/jobs/{id}/events', { params: { path: { id } }, parseAs: 'text' });
  expect(events.data).toContain('event: ended');

  const callback = { path: { id: `wh-${id}-delivered` } };
  await system.ended(callback.path.id, { kind: 'webhook-delivery' });
  const { data } = await client.GET('/v1/webhooks/endpoints', { params: { query: { tenant: 'acme' } } });
  const endpoint = { path: { id: data?.endpoints[0]?.endpointId ?? '' } };
  const since = '2026-01-01T00:00:00Z';
  const answers = [
    await client.GET('/v1/webhooks/endpoints/{id}', { params: endpoint }),
    await client.POST('/v1/webhooks/endpoints/{id}/enable', { params: endpoint }),
    await client.POST('/v1/webhooks/endpoints/{id}/replay', { params: endpoint, body: { since } }),
    await client.GET('/v1/webhooks/callbacks/{id}/attempts', { params: callback }),
    await client.POST('/v1/webhooks/callbacks/{id}/replay', { params: callback }),
    await client.POST('/v1/webhooks/test', { body: { tenantId: 'acme', url: receiver.url } }),
  ];
  expect(answers.map(({ response }) => response.status)).toEqual([200, 200, 202, 200, 202, 200]);
});

test('a login', async () => {
  const secret = await makeKey();

  const answers = [
    await client.POST('/v1/login', { body: { secret } }),
    await client.GET('/v1/login'),
    await client.DELETE('/v1/login'),
  ];

  expect(answers.map(({ response }) => response.status)).toEqual([200, 200, 204]);
});

test('pages about errors', async () => {
  const all = await client.GET('/errors', { parseAs: 'text' });
  const one = await client.GET('/errors/{code}', {
    params: { path: { code: 'JOB_INVALID' } },
    parseAs: 'text',
  });

  for (const { data } of [all, one]) expect(data).toContain('JOB_INVALID');
});

// The last test: the ones before have called the routes.
test('every route of the document is called', () => {
  const document: { paths: Record<string, object> } = JSON.parse(
    readFileSync(new URL('../../../docs/openapi.json', import.meta.url), 'utf8'),
  );
  const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );

  expect([...called].sort()).toEqual(routes.sort());
});
