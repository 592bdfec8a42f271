import { describe, expect, test } from 'vitest';
import { ApiError, ConnectionError, createClient } from '../../../src/client/client.ts';
import { message } from '../../support/guides/message.ts';
import {
  jsonAnswer,
  openRawServer,
  type RawAnswer,
  type RawRequest,
  rawAnswer,
} from '../../support/raw-server.ts';

const LINKS = { self: '/v1/jobs/j1', events: '', cancel: '', retry: '' };
const ACCEPTED = jsonAnswer(202, { id: 'j1', ids: ['j1'], status: 'accepted', links: LINKS });

/** A client of a server that gives these answers, one after the other. The last one stays. */
async function clientOf(answers: readonly RawAnswer[], options: object = {}) {
  let turn = 0;
  const server = await openRawServer(() => answers[Math.min(turn++, answers.length - 1)] ?? '');
  const client = createClient({ baseUrl: server.url, apiKey: 'gwm_live_test', ...options });
  return { client, requests: server.requests };
}

function problem(status: number, code: string, headers: readonly string[] = []): Buffer {
  return jsonAnswer(status, { type: `/errors/${code}`, title: 'A title', status, code }, headers);
}

const bodyOf = ({ body }: RawRequest) => JSON.parse(body);
const hangUp: RawAnswer = (socket) => socket.destroy();
const saySilence: RawAnswer = () => {};

describe('a job', () => {
  test.for([
    ['a broken connection', hangUp],
    ['a full quota', problem(429, 'QUOTA_EXCEEDED', ['Retry-After: 0'])],
    ['Redis away', problem(503, 'REDIS_UNAVAILABLE', ['Retry-After: 0'])],
    ['an earlier try under way', problem(409, 'IDEMPOTENCY_KEY_IN_USE', ['Retry-After: 0'])],
    ['a gateway without a server', rawAnswer(502, Buffer.from('<html>'), ['Content-Type: text/html'])],
    [
      'an answer that breaks off',
      (socket) => socket.end('HTTP/1.1 202 X\r\nContent-Length: 99\r\n\r\n{"id"'),
    ],
  ] as [string, RawAnswer][])('is sent again after %s, with the same key', async ([, failure]) => {
    const { client, requests } = await clientOf([failure, failure, ACCEPTED]);

    const accepted = await client.messages.send(message());

    expect(accepted).toMatchObject({ id: 'j1', isReplayed: false });
    const keys = requests.map((request) => bodyOf(request).idempotencyKey);
    expect(keys).toEqual([keys[0], keys[0], keys[0]]);
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('is sent again when the server is silent', async () => {
    const { client, requests } = await clientOf([saySilence, ACCEPTED]);

    await client.messages.send(message(), { timeoutMs: 300 });

    expect(requests).toHaveLength(2);
  });

  test('keeps the key of the caller, whatever its characters', async () => {
    const { client, requests } = await clientOf([ACCEPTED]);

    await client.messages.send({ ...message(), idempotencyKey: 'Bestellung-ü-名' });

    expect(requests.map(bodyOf)).toEqual([{ ...message(), idempotencyKey: 'Bestellung-ü-名' }]);
    expect(requests[0]?.headers).toMatchObject({
      authorization: 'Bearer gwm_live_test',
      'content-type': 'application/json',
    });
  });

  test('is reported as a replay', async () => {
    const body = { id: 'j1', ids: ['j1'], status: 'accepted', links: LINKS };
    const { client } = await clientOf([jsonAnswer(202, body, ['Idempotency-Replayed: true'])]);

    expect((await client.cards.send({ conversationId: 'c', template: { id: 't' } })).isReplayed).toBe(true);
  });

  test('is not sent again when it is not valid', async () => {
    const errors = [{ pointer: '#/guestId', detail: 'expected a text' }];
    const invalid = { title: 'The job is not valid', status: 422, code: 'JOB_INVALID', errors };
    const { client, requests } = await clientOf([jsonAnswer(422, invalid)]);

    const error = await client.messages.send(message()).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({
      status: 422,
      code: 'JOB_INVALID',
      errors,
      message: 'The job is not valid\n#/guestId: expected a text',
    });
    expect(requests).toHaveLength(1);
  });

  test('fails when every try fails', async () => {
    const { client, requests } = await clientOf([hangUp], { retries: 2 });

    await expect(client.messages.send(message())).rejects.toThrow(ConnectionError);
    expect(requests).toHaveLength(3);
  });

  test('fails at once when the server asks for a longer wait than the caller has', async () => {
    const { client, requests } = await clientOf([problem(429, 'BACKLOG_FULL', ['Retry-After: 3600'])]);

    const sent = client.messages.send(message());

    await expect(sent).rejects.toMatchObject({ code: 'BACKLOG_FULL', retryAfterMs: 3_600_000 });
    expect(requests).toHaveLength(1);
  });

  test('ends with the signal of the caller, also during a wait', async () => {
    const { client } = await clientOf([problem(503, 'REDIS_FULL', ['Retry-After: 30'])]);

    const sent = client.messages.send(message(), { signal: AbortSignal.timeout(300) });

    await expect(sent).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});

describe('an act', () => {
  test('is not sent again when its answer is lost', async () => {
    const { client, requests } = await clientOf([hangUp, jsonAnswer(200, {})]);

    await expect(client.jobs.cancel('j1')).rejects.toThrow(ConnectionError);
    expect(requests).toHaveLength(1);
  });

  test('is sent again when the server did not do it', async () => {
    const busy = problem(503, 'REDIS_UNAVAILABLE', ['Retry-After: 0']);
    const { client, requests } = await clientOf([busy, jsonAnswer(202, { id: 'j1', outcome: 'retried' })]);

    expect(await client.jobs.retry('j1')).toEqual({ id: 'j1', outcome: 'retried' });
    expect(requests.map(({ target }) => target)).toEqual(['/v1/jobs/j1/retry', '/v1/jobs/j1/retry']);
  });
});

test('an answer that is no API of ours is an error', async () => {
  const page = rawAnswer(200, Buffer.from('<html>'), ['Content-Type: text/html']);
  const { client } = await clientOf([page]);

  await expect(client.jobs.get('j1')).rejects.toMatchObject({ code: 'ANSWER_UNREADABLE', status: 200 });
});

test('ids and filters are parts of the address, below the path of a proxy', async () => {
  const server = await openRawServer(() => jsonAnswer(200, {}));
  const client = createClient({ baseUrl: `${server.url}/gwm/`, apiKey: 'key' });

  await client.jobs.get('a/b?c');
  await client.webhooks.endpoints.list({ tenant: 'a&b' });

  expect(server.requests.map(({ target }) => target)).toEqual([
    '/gwm/v1/jobs/a%2Fb%3Fc',
    '/gwm/v1/webhooks/endpoints?tenant=a%26b',
  ]);
});
