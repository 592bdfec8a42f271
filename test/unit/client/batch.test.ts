import { describe, expect, test } from 'vitest';
import { type BatchLine, type BatchOptions, createClient } from '../../../src/client/client.ts';
import { message } from '../../support/guides/message.ts';
import { jsonAnswer, openRawServer, type RawAnswer, type RawRequest } from '../../support/raw-server.ts';

function line(guest: number): BatchLine {
  return { kind: 'message-transmission', ...message(), guestId: `guest-${guest}` };
}

const guestsIn = ({ body }: RawRequest): string[] => linesIn(body).map(({ guestId }) => guestId);
const linesIn = (body: string) =>
  body
    .split('\n')
    .filter(Boolean)
    .map((text) => JSON.parse(text));

/** Results of the first lines of a request, and a summary unless the answer breaks off. */
function results({ body }: RawRequest, count = Number.POSITIVE_INFINITY): RawAnswer {
  const lines = linesIn(body)
    .slice(0, count)
    .map(({ guestId }, index) => ({ line: index + 1, status: 'accepted', id: guestId, ids: [guestId] }));
  const isWhole = count === Number.POSITIVE_INFINITY;
  const answer = [...lines, ...(isWhole ? [{ summary: {} }] : [])].map((it) => `${JSON.stringify(it)}\n`);
  const head = 'HTTP/1.1 200 X\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n';
  const text = answer.join('');
  const chunk = text === '' ? '' : `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
  return (socket) => {
    // A connection that resets at once may lose what was written before.
    socket.write(head + chunk + (isWhole ? '0\r\n\r\n' : ''), () => isWhole || socket.end());
  };
}

async function serve(answer: (request: RawRequest, turn: number) => RawAnswer, options: BatchOptions = {}) {
  let turn = 0;
  const { url, requests } = await openRawServer((request) => answer(request, turn++));
  const client = createClient({ baseUrl: url, apiKey: 'key' });
  return { requests, batch: (lines: Parameters<typeof client.batch>[0]) => client.batch(lines, options) };
}

describe('a batch', () => {
  test('has a result for each line, in their order, from requests of some lines each', async () => {
    const { batch, requests } = await serve((request) => results(request), { linesPerRequest: 2 });

    const all = await Array.fromAsync(batch([1, 2, 3, 4, 5].map(line)));

    expect(all.map((result) => [result.line, result.status, 'id' in result && result.id])).toEqual(
      [1, 2, 3, 4, 5].map((number) => [number, 'accepted', `guest-${number}`]),
    );
    expect(requests.map(guestsIn)).toEqual([['guest-1', 'guest-2'], ['guest-3', 'guest-4'], ['guest-5']]);
    expect(requests[0]?.headers['content-type']).toBe('application/x-ndjson');
  });

  test('goes on behind the last result when an answer breaks off, with the same keys', async () => {
    const { batch, requests } = await serve((request, turn) => results(request, [2, 0][turn]));

    const all = await Array.fromAsync(batch([1, 2, 3, 4].map(line)));

    expect(all.map((result) => result.line)).toEqual([1, 2, 3, 4]);
    expect(requests.map(guestsIn)).toEqual([
      ['guest-1', 'guest-2', 'guest-3', 'guest-4'],
      ['guest-3', 'guest-4'],
      ['guest-3', 'guest-4'],
    ]);
    const keys = requests.map(({ body }) => linesIn(body).at(-1).idempotencyKey);
    expect(keys).toEqual([keys[0], keys[0], keys[0]]);
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('goes on when the server ended it because Redis was away', async () => {
    const away = { title: 'Redis does not answer', status: 503, code: 'REDIS_UNAVAILABLE' };
    const broken = jsonAnswer(200, `${JSON.stringify({ problem: away, summary: {} })}\n`);
    const { batch, requests } = await serve((request, turn) => (turn === 0 ? broken : results(request)));

    expect(await Array.fromAsync(batch([line(1)]))).toHaveLength(1);
    expect(requests).toHaveLength(2);
  });

  test('reports lines that are not valid, and goes on', async () => {
    const answer = [
      { line: 1, status: 'rejected', code: 'JOB_INVALID', errors: [{ pointer: '#/guestId', detail: 'x' }] },
      { line: 2, status: 'accepted', id: 'j2', ids: ['j2'] },
      { summary: {} },
    ];
    const body = answer.map((it) => `${JSON.stringify(it)}\n`).join('');
    const { batch } = await serve(() => jsonAnswer(200, body));

    const all = await Array.fromAsync(batch([1, 2].map(line)));

    expect(all).toMatchObject([
      { line: 1, status: 'rejected', code: 'JOB_INVALID' },
      { line: 2, id: 'j2' },
    ]);
  });

  test('reads no further than its results are taken', async () => {
    const { batch } = await serve((request) => results(request), { linesPerRequest: 2 });
    let taken = 0;
    const endless = (function* () {
      for (;;) yield line(++taken);
    })();

    const first = await batch(endless).next();

    expect(first.value).toMatchObject({ line: 1 });
    expect(taken).toBeLessThanOrEqual(3);
  });

  test('gives the results of a slow source while the source is open', async () => {
    const { batch } = await serve((request) => results(request));
    const { promise, resolve } = Promise.withResolvers<void>();
    const slow = (async function* () {
      yield line(1);
      await promise;
      yield line(2);
    })();

    const all = batch(slow);
    expect((await all.next()).value).toMatchObject({ line: 1, id: 'guest-1' });
    resolve();
    expect((await all.next()).value).toMatchObject({ line: 2, id: 'guest-2' });
    expect((await all.next()).done).toBe(true);
  });

  test('sends what came before a source fails, and fails as the source', async () => {
    const { batch, requests } = await serve((request) => results(request));
    const failing = (async function* () {
      yield line(1);
      throw new Error('the file ended');
    })();

    const all = batch(failing);
    expect((await all.next()).value).toMatchObject({ line: 1 });
    await expect(all.next()).rejects.toThrow('the file ended');
    expect(requests).toHaveLength(1);
  });

  test('sends nothing when there are no lines', async () => {
    const { batch, requests } = await serve((request) => results(request));

    expect(await Array.fromAsync(batch([]))).toEqual([]);
    expect(requests).toEqual([]);
  });
});

describe('CloudEvents', () => {
  const data = {
    guestId: 'g',
    conversationId: 'c',
    body: { contentType: 'text/plain', content: 'x' },
  } as const;
  const type = 'com.genesys.webmessaging.message-transmission';

  test.for([
    ['one', false, 'application/cloudevents+json'],
    ['several', true, 'application/cloudevents-batch+json'],
  ] as const)('are sent: %s', async ([, isBatch, contentType]) => {
    const results = [{ index: 0, status: 'accepted', id: 'j1', ids: ['j1'] }];
    const { url, requests } = await openRawServer(() => jsonAnswer(202, { results }));
    const client = createClient({ baseUrl: url, apiKey: 'key' });
    const event = { id: '1', source: '/shop', type, partitionkey: 'acme', data } as const;

    expect(await client.events.send(isBatch ? [event] : event)).toEqual({ results });

    const sent = { specversion: '1.0', ...event };
    expect(requests.map(({ body }) => JSON.parse(body))).toEqual([isBatch ? [sent] : sent]);
    expect(requests[0]?.headers['content-type']).toBe(contentType);
  });
});
