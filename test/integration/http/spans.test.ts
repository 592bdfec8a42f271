import { beforeAll, describe, expect, test } from 'vitest';
import { traceparentOf } from '../../../src/core/trace.ts';
import { type Collector, openCollector, tracesTo } from '../../support/collector.ts';
import type { ReceivedSpan } from '../../support/otlp-spans.ts';
import { message, openSystem, type System, text } from '../../support/system.ts';
import { type Caller, callerOf } from './calls.ts';
import { openServer } from './stage.ts';

const KIND = 'message-transmission';
const CALLER = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const CALLER_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const OTHER = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

let collector: Collector;
let system: System;
/** Calls with a valid key, each of which makes a span. */
let call: Caller;
let calls = 0;
/** Calls that make no span. */
let unseen: Caller;
let url: string;

beforeAll(async () => {
  collector = await openCollector();
  system = await openSystem({ environment: tracesTo(collector) });
  const server = await openServer(system);
  url = server.url;
  const scopes = ['send', 'read', 'operate'] as const;
  unseen = callerOf(url, await server.keys.make({ tenants: ['acme'], scopes }));
  call = async (path, options) => {
    calls++;
    return await unseen(path, options);
  };
});

/** What the job keeps, as Redis has it. */
async function payloadOf(id: string) {
  const data = await system.client.hget(system.queues.of(KIND, 'acme').toKey(id), 'data');
  return JSON.parse(data ?? 'null').payload;
}

/** Waits for the spans of all calls. The span of a request is the last one of it. */
async function allArrived(): Promise<void> {
  await collector.until('the spans of all requests', (spans) => {
    return spans.filter(({ kind }) => kind === 'server').length === calls;
  });
}

/** The spans that one act makes. */
async function spansOf(act: () => Promise<unknown>): Promise<readonly ReceivedSpan[]> {
  await allArrived();
  const before = collector.spans.length;
  await act();
  await allArrived();
  return collector.spans.slice(before);
}

/** A traceparent that names a span. */
function naming({ traceId, spanId }: Pick<ReceivedSpan, 'traceId' | 'spanId'>): string {
  return `00-${traceId}-${spanId}-01`;
}

function only(spans: readonly ReceivedSpan[], kind: ReceivedSpan['kind']): ReceivedSpan {
  const found = spans.filter((span) => span.kind === kind);
  expect(found).toHaveLength(1);
  return found[0] as ReceivedSpan;
}

describe('a job of a request', () => {
  test('without a trace keeps the span that sent it, in the trace of the request', async () => {
    let id = '';
    const spans = await spansOf(async () => {
      id = (await call('/v1/messages', { body: message() })).body.id;
    });

    const [request, sending] = [only(spans, 'server'), only(spans, 'producer')];
    expect(request).toMatchObject({
      name: 'POST /v1/messages',
      parentSpanId: '',
      isError: false,
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/v1/messages',
        'http.response.status_code': 202,
      },
      resource: { 'service.name': 'gwm-serve' },
    });
    expect(sending).toMatchObject({
      name: `send ${KIND}`,
      traceId: request.traceId,
      parentSpanId: request.spanId,
      attributes: {
        'messaging.system': 'bullmq',
        'messaging.operation.type': 'send',
        'messaging.destination.name': KIND,
        'messaging.message.id': id,
        'gwm.tenant.id': 'acme',
      },
    });
    expect((await payloadOf(id)).traceparent).toBe(naming(sending));
    expect((await call(`/v1/jobs/${id}`)).body.traceparent).toBe(naming(sending));
  });

  test('goes on with the trace of the caller, and keeps its tracestate', async () => {
    let id = '';
    const spans = await spansOf(async () => {
      const headers = { traceparent: CALLER, tracestate: 'rojo=1' };
      id = (await call('/v1/messages', { body: message(), headers })).body.id;
    });

    expect(only(spans, 'server')).toMatchObject({ traceId: CALLER_ID, parentSpanId: '00f067aa0ba902b7' });
    const sending = only(spans, 'producer');
    expect(await payloadOf(id)).toMatchObject({ traceparent: naming(sending), tracestate: 'rojo=1' });
    expect(sending.traceId).toBe(CALLER_ID);
  });

  test('keeps a trace that it names itself, and the span that sent it has a link to it', async () => {
    let id = '';
    const spans = await spansOf(async () => {
      const body = { ...message(), traceparent: OTHER };
      id = (await call('/v1/messages', { body, headers: { traceparent: CALLER } })).body.id;
    });

    expect((await payloadOf(id)).traceparent).toBe(OTHER);
    expect(only(spans, 'producer')).toMatchObject({
      traceId: CALLER_ID,
      links: [{ traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' }],
    });
  });

  test('that its caller does not record is not recorded, and keeps the trace id', async () => {
    const unsampled = CALLER.replace(/01$/, '00');
    const { body } = await unseen('/v1/messages', { body: message(), headers: { traceparent: unsampled } });
    await spansOf(() => call('/v1/tenants'));

    const { traceparent } = await payloadOf(body.id);
    expect(traceparentOf(traceparent)).toMatch(new RegExp(`^00-${CALLER_ID}-[0-9a-f]{16}-00$`));
    expect(collector.spans.map(({ spanId }) => spanId)).not.toContain(traceparent.split('-')[2]);
  });

  test('that is sent again keeps its first trace', async () => {
    const body = { ...message(), idempotencyKey: 'order-1' };
    const first = await call('/v1/messages', { body });
    const kept = await payloadOf(first.body.id);

    await spansOf(() => call('/v1/messages', { body }));

    expect(await payloadOf(first.body.id)).toEqual(kept);
  });
});

describe('a request with many jobs', () => {
  test('is one span with their number, and all of them keep it', async () => {
    const lines = [{}, { traceparent: OTHER }, { guestId: 17 }].map((more) =>
      JSON.stringify({ kind: KIND, ...message(), ...more }),
    );
    let answer = '';
    const headers = { 'content-type': 'application/x-ndjson' };
    const spans = await spansOf(async () => {
      answer = (await call('/v1/batch', { body: lines.join('\n'), headers })).body;
    });

    const [own, named] = answer.split('\n').map((line) => line && JSON.parse(line).id);
    const sending = only(spans, 'producer');
    expect(sending).toMatchObject({
      name: 'send',
      parentSpanId: only(spans, 'server').spanId,
      attributes: { 'messaging.batch.message_count': 3 },
    });
    expect((await payloadOf(own)).traceparent).toBe(naming(sending));
    expect((await payloadOf(named)).traceparent).toBe(OTHER);
  });

  test('of CloudEvents too', async () => {
    const event = (id: string) => ({
      specversion: '1.0',
      id,
      source: '/shop',
      type: `com.genesys.webmessaging.${KIND}`,
      data: message(),
    });
    const headers = { 'content-type': 'application/cloudevents-batch+json' };
    let id = '';
    const spans = await spansOf(async () => {
      id = (await call('/v1/events', { body: [event('1'), event('2')], headers })).body.results[0].id;
    });

    const sending = only(spans, 'producer');
    expect(sending.attributes['messaging.batch.message_count']).toBe(2);
    expect((await payloadOf(id)).traceparent).toBe(naming(sending));
  });
});

describe('a request', () => {
  test('that is wrong has its status, is no error, and sends nothing', async () => {
    const spans = await spansOf(() => call('/v1/messages', { body: { ...message(), guestId: 17 } }));

    expect(spans).toMatchObject([
      { kind: 'server', isError: false, attributes: { 'http.response.status_code': 422 } },
    ]);
  });

  test('without a valid key has no span, whatever trace it names', async () => {
    const wrong = callerOf(url, 'gwm_live_wrong');
    const { status } = await wrong('/v1/messages', { body: message(), headers: { traceparent: OTHER } });
    const spans = await spansOf(() => call('/v1/tenants'));

    expect(status).toBe(401);
    expect(spans).toMatchObject([{ attributes: { 'http.route': '/v1/tenants' } }]);
  });

  test('names its route, and no id of its address', async () => {
    const spans = await spansOf(() => call('/v1/jobs/cnryJob?kind=cnryQuery'));

    expect(spans).toMatchObject([
      {
        name: 'GET /v1/jobs/:id',
        attributes: { 'http.route': '/v1/jobs/:id', 'http.request.method': 'GET' },
      },
    ]);
    expect(
      JSON.stringify(spans, (_key, value) => (typeof value === 'bigint' ? String(value) : value)),
    ).not.toContain('cnry');
  });
});

test('no span has a text, a name, a key, a link or a header of a caller', async () => {
  const body = message({
    guestId: 'cnryGuest',
    conversationId: 'cnryConversation',
    idempotencyKey: 'cnryKey',
    body: text('cnryText'),
    callback: { url: 'http://127.0.0.1:9999/cnryPath?x=cnryQuery' },
  });
  const headers = { tracestate: 'v=cnryState', traceparent: CALLER, 'user-agent': 'cnryAgent' };

  const { status } = await call('/v1/messages', { body, headers });
  await spansOf(() => call('/v1/tenants'));

  expect(status).toBe(202);
  const sent = Buffer.concat(collector.requests.map((request) => request.body)).toString('latin1');
  expect(sent.includes('send message-transmission')).toBe(true);
  expect(sent.match(/cnry\w*/g)).toBeNull();
});
