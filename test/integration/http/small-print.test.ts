import { expect, test } from 'vitest';
import { exchange } from '../../fuzz/wire.ts';
import { message, openSystem } from '../../support/system.ts';
import { callerOf } from './calls.ts';
import { openServer } from './stage.ts';

async function stage() {
  const { url, keys } = await openServer(await openSystem());
  const secret = await keys.make();
  const port = Number(new URL(url).port);
  const send = (lines: readonly string[], body = '') =>
    exchange(port, {
      bytes: Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`, 'latin1'),
      answers: 1,
      isHead: false,
      patienceMs: 60_000,
    });
  return { call: callerOf(url, secret), send, key: `authorization: Bearer ${secret}` };
}

test('a transfer coding that the server does not undo is refused', async () => {
  const { send, key } = await stage();
  const head = ['host: a', key, 'content-type: application/json', 'transfer-encoding: gzip, chunked'];

  const { answers } = await send(['POST /v1/messages HTTP/1.1', ...head], '0\r\n\r\n');

  expect(answers[0]?.status).toBe(400);
  expect(JSON.parse(String(answers[0]?.body))).toMatchObject({ code: 'REQUEST_UNREADABLE' });
});

test.each(['QUERY', 'PROPFIND', 'PATCH'])(
  'the method %s is not allowed at an address of the API',
  async (method) => {
    const { send, key } = await stage();

    const { answers } = await send([`${method} /v1/jobs HTTP/1.1`, 'host: a', key, 'content-length: 0']);

    expect(answers[0]?.status).toBe(405);
    expect(answers[0]?.headers.get('allow')).toBe('GET');
  },
);

test('an address is wrong before its body is', async () => {
  const { call } = await stage();

  for (const [path, code] of [
    ['/v1/message', 'RESOURCE_UNKNOWN'],
    ['/v1/jobs', 'METHOD_NOT_ALLOWED'],
  ] as const) {
    for (const [type, body] of [
      ['application/json', '{wrong'],
      ['application/x-www-form-urlencoded', 'a=b'],
    ] as const) {
      const answer = await call(path, { method: 'POST', body, headers: { 'content-type': type } });
      expect(answer.body.code, `${path} ${type}`).toBe(code);
    }
  }
});

test.each([
  ['/v1/batch', 'application/x-ndjson', 'gzip, zstd'],
  ['/v1/events', 'application/cloudevents+json', 'gzip, zstd'],
  ['/v1/messages', 'application/json', 'identity'],
])('an encoding that %s does not undo is answered with those that it does', async (path, type, accepted) => {
  const { call } = await stage();

  const { status, headers } = await call(path, {
    body: '{}',
    headers: { 'content-type': type, 'content-encoding': 'br' },
  });

  expect([status, headers.get('accept-encoding')]).toEqual([415, accepted]);
});

test('a key that is no text is an error of the job, also beside the header', async () => {
  const { call } = await stage();

  const { status, body } = await call('/v1/messages', {
    body: { ...message(), idempotencyKey: null },
    headers: { 'idempotency-key': 'order-1' },
  });

  expect([status, body.code, body.errors]).toEqual([
    422,
    'JOB_INVALID',
    [{ pointer: '#/idempotencyKey', detail: expect.any(String) }],
  ]);
});
