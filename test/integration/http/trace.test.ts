import { expect, test } from 'vitest';
import type { JobKind } from '../../../src/jobs/catalog.ts';
import { message, openSystem } from '../../support/system.ts';
import { callerOf } from './calls.ts';
import { openServer } from './stage.ts';

const KIND: JobKind = 'message-transmission';
const TRACE = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const OTHER = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00';
const STATE = 'rojo=00f067aa0ba902b7,congo=t61rcWkgMzE';

async function stage() {
  const system = await openSystem();
  const { url, keys } = await openServer(system);
  const call = callerOf(url, await keys.make({ tenants: ['acme'] }));
  const dataOf = async (id: string) =>
    JSON.parse((await system.client.hget(system.queues.of(KIND, 'acme').toKey(id), 'data')) ?? 'null');
  const payloadOf = async (id: string) => (await dataOf(id)).payload;
  return { system, call, dataOf, payloadOf };
}

test('the header of a request is the trace of its job, and the job shows it', async () => {
  const { call, payloadOf } = await stage();

  const { body } = await call('/v1/messages', {
    body: message(),
    headers: { traceparent: TRACE, tracestate: STATE },
  });

  expect(await payloadOf(body.id)).toMatchObject({ traceparent: TRACE, tracestate: STATE });
  expect((await call(`/v1/jobs/${body.id}`)).body.traceparent).toBe(TRACE);
});

test.for([
  ['that cannot be read', 'nonsense'],
  ['of zeros', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`],
  ['of version ff', `ff${TRACE.slice(2)}`],
])('a header %s is ignored, as the standard says', async ([, traceparent = '']) => {
  const { call, payloadOf } = await stage();

  const { status, body } = await call('/v1/messages', {
    body: message(),
    headers: { traceparent, tracestate: STATE },
  });

  expect(status).toBe(202);
  expect(Object.keys(await payloadOf(body.id))).not.toContain('traceparent');
  expect(Object.keys(await payloadOf(body.id))).not.toContain('tracestate');
  expect((await call(`/v1/jobs/${body.id}`)).body.traceparent).toBeNull();
});

test('a field of the job comes before the header, and must be right', async () => {
  const { call, payloadOf } = await stage();
  const headers = { traceparent: TRACE, tracestate: STATE };

  const own = await call('/v1/messages', { body: { ...message(), traceparent: OTHER }, headers });
  const wrong = await call('/v1/messages', { body: { ...message(), traceparent: 'SECRET' }, headers });

  expect(await payloadOf(own.body.id)).toMatchObject({ traceparent: OTHER });
  expect(await payloadOf(own.body.id)).not.toHaveProperty('tracestate');
  expect([wrong.status, wrong.body.errors]).toEqual([
    422,
    [{ pointer: '#/traceparent', detail: expect.stringContaining('W3C Trace Context') }],
  ]);
  expect(JSON.stringify(wrong.body)).not.toContain('SECRET');
});

test('a repetition with another trace is the same request', async () => {
  const { call, payloadOf } = await stage();
  const send = (traceparent: string) =>
    call('/v1/messages', { body: { ...message(), idempotencyKey: 'order-17' }, headers: { traceparent } });

  const first = await send(TRACE);
  const again = await send(OTHER);

  expect([again.status, again.body]).toEqual([202, first.body]);
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  expect(await payloadOf(first.body.id)).toMatchObject({ traceparent: TRACE });
});

test('each line of a batch may have its own trace', async () => {
  const { call, payloadOf } = await stage();
  const lines = [{}, { traceparent: OTHER }].map((more) =>
    JSON.stringify({ kind: KIND, ...message(), ...more }),
  );

  const { body } = await call('/v1/batch', {
    body: lines.join('\n'),
    headers: { 'content-type': 'application/x-ndjson', traceparent: TRACE },
  });

  const [first, second] = body.split('\n').map((line: string) => line && JSON.parse(line));
  expect(await payloadOf(first.id)).toMatchObject({ traceparent: TRACE });
  expect(await payloadOf(second.id)).toMatchObject({ traceparent: OTHER });
});

test('the trace of an event comes before that of the request', async () => {
  const { call, payloadOf } = await stage();
  const event = (id: string, more: object) => ({
    specversion: '1.0',
    id,
    source: '/shop',
    type: `com.genesys.webmessaging.${KIND}`,
    data: message(),
    ...more,
  });
  const events = [event('1', {}), event('2', { traceparent: OTHER, tracestate: STATE })];

  const { body } = await call('/v1/events', {
    body: events,
    headers: { 'content-type': 'application/cloudevents-batch+json', traceparent: TRACE },
  });

  const [first, second] = body.results;
  expect(await payloadOf(first.id)).toMatchObject({ traceparent: TRACE });
  expect(await payloadOf(second.id)).toMatchObject({ traceparent: OTHER, tracestate: STATE });
});

test('a job without a trace is stored without a field for one', async () => {
  const { call, dataOf } = await stage();
  const { tenantId, ...payload } = message();

  const { body } = await call('/v1/messages', { body: { tenantId, ...payload } });

  expect(await dataOf(body.id)).toEqual({ tenantId, payload });
});
