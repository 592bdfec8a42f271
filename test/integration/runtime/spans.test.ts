import { beforeAll, describe, expect, test } from 'vitest';
import { openAuditStore } from '../../../src/audit/open-store.ts';
import type { StoredRecord } from '../../../src/audit/store.ts';
import { type Collector, openCollector, tracesTo } from '../../support/collector.ts';
import { configurationRollout } from '../../support/guides/configuration.ts';
import { logOf, startWorker } from '../../support/gwm.ts';
import type { ReceivedSpan } from '../../support/otlp-spans.ts';
import type { TestProcess } from '../../support/processes.ts';
import { openReceiver, type Received, type Receiver } from '../../support/receiver.ts';
import { card, message, openSystem, type System, text } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import { type Caller, callerOf } from '../http/calls.ts';
import { openServer } from '../http/stage.ts';

const CALLER = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

let collector: Collector;
let receiver: Receiver;
let system: System;
let worker: TestProcess;
let call: Caller;

beforeAll(async () => {
  collector = await openCollector();
  receiver = await openReceiver();
  system = await openSystem({
    tenants: [{ id: 'acme', retryFor: '1m', callback: {}, analytics: { url: `${receiver.url}/analytics` } }],
    environment: tracesTo(collector),
  });
  const server = await openServer(system);
  call = callerOf(server.url, await server.keys.make());
  worker = await startWorker(system);
});

const callbackUrl = () => `${receiver.url}/cnryPath`;

/** The spans of a trace, by name; a name with several spans has them in the order of their start. */
function spansOf(traceId: string): Map<string, readonly ReceivedSpan[]> {
  const spans = collector.spans.filter((span) => span.traceId === traceId);
  return Map.groupBy(
    spans.toSorted((a, b) => Number(a.startNs - b.startNs)),
    ({ name }) => name,
  );
}

/** Waits for the callback of a job, and for the last spans of both. @returns the callback */
async function callbackOf(jobId: string, ending = 'delivered'): Promise<Received> {
  const id = `wh-${jobId}-${ending}`;
  const found = await waitFor(() => receiver.received.find(({ headers }) => headers['webhook-id'] === id), {
    what: `the callback of ${jobId}`,
  });
  await collector.until('the ends of job and callback', (spans) => [id, jobId].every(hasEndedIn(spans)));
  return found;
}

/** Whether the span of the run that ended a job is there. */
function hasEndedIn(spans: readonly ReceivedSpan[]): (jobId: string) => boolean {
  const ended = spans.filter(({ attributes }) => attributes['gwm.status'] !== undefined);
  const ids = new Set(ended.map(({ attributes }) => attributes['messaging.message.id']));
  return (jobId) => ids.has(jobId);
}

async function storedRecords(): Promise<StoredRecord[]> {
  const store = await openAuditStore(system.config.auditDatabaseUrl);
  try {
    return await Array.fromAsync(store.read({ tenantId: 'acme' }));
  } finally {
    await store.close();
  }
}

function traceIdIn(traceparent: unknown): string {
  return String(traceparent).split('-')[1] ?? '';
}

describe('the trace of one message', () => {
  test('goes from the request through the queue to Genesys Cloud and the callback', async () => {
    const body = message({ callback: { url: callbackUrl() } });
    const { body: answer } = await call('/v1/messages', { body, headers: { traceparent: CALLER } });
    const callback = await callbackOf(answer.id);

    const traceId = traceIdIn(CALLER);
    // Each process sends its spans by itself.
    const isComplete = () =>
      ['POST /v1/messages', 'POST analytics'].every((name) => spansOf(traceId).has(name));
    await collector.until('the whole trace', isComplete);
    const spans = spansOf(traceId);
    const one = (name: string) => {
      const found = spans.get(name) ?? [];
      expect(found, name).toHaveLength(1);
      return found[0] as ReceivedSpan;
    };
    const runs = spans.get('process message-transmission') ?? [];
    const [request, sending, run] = [one('POST /v1/messages'), one('send message-transmission'), runs.at(-1)];
    const login = one('POST login');
    const sent = one('POST message.send');
    const delivery = one('POST callback');
    const deliveryRun = (spans.get('process webhook-delivery') ?? []).find(
      ({ spanId }) => spanId === delivery.parentSpanId,
    );
    const announced = (spans.get('send webhook-delivery') ?? []).find(
      ({ spanId }) => spanId === deliveryRun?.parentSpanId,
    );

    expect(request.parentSpanId).toBe('00f067aa0ba902b7');
    expect(sending.parentSpanId).toBe(request.spanId);
    for (const each of runs) {
      expect(each).toMatchObject({ kind: 'consumer', parentSpanId: sending.spanId });
      expect(each.links).toEqual([{ traceId, spanId: sending.spanId }]);
    }
    expect(runs.map(({ spanId }) => spanId)).toContain(login.parentSpanId);
    expect(run?.attributes).toMatchObject({
      'messaging.message.id': answer.id,
      'gwm.tenant.id': 'acme',
      'gwm.attempt': 1,
      'gwm.outcome': 'done',
      'gwm.status': 'delivered',
    });
    expect(sent).toMatchObject({
      kind: 'client',
      parentSpanId: run?.spanId,
      attributes: {
        'http.request.method': 'POST',
        'http.response.status_code': expect.any(Number),
        'server.address': '127.0.0.1',
        'gwm.operation': 'message.send',
        'gwm.attempt': 1,
        'gwm.tenant.id': 'acme',
      },
    });
    expect(announced).toMatchObject({ kind: 'producer', parentSpanId: run?.spanId });
    expect(delivery).toMatchObject({
      kind: 'client',
      attributes: { 'gwm.purpose': 'callback', 'gwm.attempt': 1, 'http.response.status_code': 204 },
    });
    expect(callback.headers['traceparent']).toBe(`00-${traceId}-${delivery.spanId}-01`);
    expect(spans.get('POST analytics')).toHaveLength(1);
    for (const each of [...spans.values()].flat()) expect(each).toMatchObject({ isError: false, events: [] });
  });

  test('has one trace id in the log lines, the audit record and the callback, and none at Genesys Cloud', async () => {
    const body = message({ callback: { url: callbackUrl() } });
    const { body: answer } = await call('/v1/messages', { body });
    const callback = await callbackOf(answer.id);

    const traceId = traceIdIn((await call(`/v1/jobs/${answer.id}`)).body.traceparent);
    expect(traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(traceIdIn(callback.headers['traceparent'])).toBe(traceId);
    const lines = logOf(worker).filter(
      ({ jobId }) => jobId === answer.id || jobId?.includes(`-${answer.id}-`),
    );
    expect(lines.length).toBeGreaterThanOrEqual(2);
    for (const line of lines) expect(traceIdIn((line as { traceparent?: string }).traceparent)).toBe(traceId);
    const run = spansOf(traceId).get('process message-transmission')?.at(-1);
    expect(lines).toContainEqual(expect.objectContaining({ traceparent: `00-${traceId}-${run?.spanId}-01` }));
    const record = await waitFor(
      async () => (await storedRecords()).find(({ details }) => details['jobId'] === answer.id),
      { what: 'the audit record' },
    );
    expect(record.details['traceparent']).toBe(`00-${traceId}-${run?.spanId}-01`);
    expect(JSON.stringify(await system.sandbox.requests())).not.toContain('traceparent');
    const analytics = receiver.received.filter(({ path }) => path === '/analytics');
    expect(analytics.length).toBeGreaterThan(0);
    for (const { headers } of analytics) expect(headers).not.toHaveProperty('traceparent');
  });

  test('has a run for each attempt, and names why one failed', async () => {
    const errors = [{ status: 503, rate: 1, times: 1, body: { message: 'cnryRefusal' } }];
    await system.sandbox.inject({ operations: { 'message.send': { errors } } });
    const { body: answer } = await call('/v1/messages', {
      body: message({ callback: { url: callbackUrl() } }),
    });
    await callbackOf(answer.id);

    const spans = spansOf(traceIdIn((await call(`/v1/jobs/${answer.id}`)).body.traceparent));
    const requests = spans.get('POST message.send') ?? [];
    expect(requests).toMatchObject([
      {
        isError: true,
        attributes: { 'http.response.status_code': 503, 'error.type': '503', 'gwm.attempt': 1 },
      },
      { isError: false, attributes: { 'gwm.attempt': 2 } },
    ]);
    const [failed, done] = requests.map(({ parentSpanId }) =>
      spans.get('process message-transmission')?.find(({ spanId }) => spanId === parentSpanId),
    );
    expect(failed).toMatchObject({
      isError: true,
      statusMessage: '',
      events: [],
      attributes: { 'gwm.outcome': 'retry', 'error.type': 'GENESYS_UNAVAILABLE' },
    });
    expect(done).toMatchObject({ isError: false, attributes: { 'gwm.outcome': 'done' } });
  });

  test('of a job without one is made of its id: all its runs and its callback have it', async () => {
    const errors = [{ status: 503, rate: 1, times: 1 }];
    await system.sandbox.inject({ operations: { 'message.send': { errors } } });
    const { jobIds } = await system
      .openProducer()
      .enqueue('message-transmission', message({ callback: { url: callbackUrl() } }));
    const [jobId = ''] = jobIds;
    const callback = await callbackOf(jobId);

    const spans = spansOf(traceIdIn(callback.headers['traceparent']));
    const attempts = (spans.get('POST message.send') ?? []).map(
      ({ attributes }) => attributes['gwm.attempt'],
    );
    expect(attempts).toEqual([1, 2]);
    const stored = await system.client.hget(
      system.queues.of('message-transmission', 'acme').toKey(jobId),
      'data',
    );
    expect(stored).not.toContain('traceparent');
  });

  test('has all steps of a rollout as children of the run that began them', async () => {
    const rollout = configurationRollout({
      tenantId: 'acme',
      organizationIds: ['o1', 'o2'],
      callback: { url: callbackUrl() },
    });
    const { jobIds } = await system.openProducer().enqueue('config-rollout', rollout as never);
    const [jobId = ''] = jobIds;
    const ended = await waitFor(
      () => receiver.received.find(({ headers }) => String(headers['webhook-id']).startsWith(`wh-${jobId}-`)),
      { what: 'the callback of the rollout' },
    );

    await collector.until('the end of the rollout', (all) => hasEndedIn(all)(jobId));
    const spans = spansOf(traceIdIn(ended.headers['traceparent']));
    const runs = spans.get('process config-rollout') ?? [];
    const steps = runs.filter(({ attributes }) => attributes['messaging.message.id'] !== jobId);
    const own = runs.filter((each) => !steps.includes(each)).map(({ spanId }) => spanId);
    expect(
      new Set(steps.map(({ attributes }) => attributes['messaging.message.id'])).size,
    ).toBeGreaterThanOrEqual(3);
    for (const { parentSpanId } of steps) expect(own).toContain(parentSpanId);
    expect([...spans.keys()]).toEqual(
      expect.arrayContaining(['GET configuration.read', 'PUT configuration.write']),
    );
  });
});

test('no span has a text, a name, a key, an address or an answer', async () => {
  const callback = { url: `${receiver.url}/cnryPath?token=cnryQuery` };
  const shared = { callback, traceparent: CALLER, tracestate: 'v=cnryState' };
  const jobs = [
    [
      '/v1/messages',
      message({
        ...shared,
        guestId: 'cnryGuest',
        conversationId: 'cnryConversation',
        idempotencyKey: 'cnryKey',
        body: text('cnryText'),
      }),
    ],
    ['/v1/cards', card({ ...shared, conversationId: 'cnryConversation', template: { id: 'cnryTemplate' } })],
    ['/v1/embeds', { ...shared, tenantId: 'acme', widgetId: 'cnryWidget', locales: { 'en-US': 'en' } }],
  ] as const;
  receiver.answerWith({ status: 500, body: 'cnryAnswer' });
  const errors = [{ status: 400, rate: 1, times: 1, body: { message: 'cnryRefusal', code: 'cnryCode' } }];
  await system.sandbox.inject({ operations: { 'card.send': { errors } } });

  const ids = await Promise.all(
    jobs.map(async ([path, body]) => (await call(path, { body })).body.id as string),
  );
  const callbacks = ids.flatMap((id) => ['delivered', 'failed'].map((ending) => `wh-${id}-${ending}`));
  await collector.until('the ends of all callbacks', (spans) => {
    return callbacks.filter(hasEndedIn(spans)).length === ids.length;
  });

  const sent = Buffer.concat(collector.requests.map(({ body }) => body)).toString('latin1');
  for (const word of ['POST card.send', 'WEBHOOK_REFUSED']) expect(sent.includes(word), word).toBe(true);
  expect(sent.match(/cnry\w*/g)).toBeNull();
  const secrets = [system.secretOf('acme'), system.webhookSecret];
  expect(secrets.filter((secret) => sent.includes(secret))).toEqual([]);
});

test('a worker sends its last spans before it ends', async () => {
  const { body: answer } = await call('/v1/messages', { body: message() });
  await system.ended(answer.id);

  worker.kill('SIGTERM');
  await worker.exit;

  const isRun = ({ name, attributes }: ReceivedSpan) =>
    name === 'process message-transmission' &&
    attributes['messaging.message.id'] === answer.id &&
    attributes['gwm.outcome'] === 'done';
  expect(collector.spans.filter(isRun)).toHaveLength(1);
});
