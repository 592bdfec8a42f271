import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { answerIn } from '../../fuzz/wire.ts';
import { onEnd } from '../../support/lifetime.ts';
import { message, openSystem } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import { type Answered, callerOf } from './calls.ts';
import { openServer } from './stage.ts';

const KIND = 'message-transmission';
const NDJSON = 'content-type: application/x-ndjson';
const CHUNKED = 'transfer-encoding: chunked';

async function stage(settings: Readonly<Record<string, string>>) {
  const system = await openSystem();
  const server = await openServer(system, settings);
  const secret = await server.keys.make();
  const port = Number(new URL(server.url).port);
  const call = callerOf(server.url, secret);
  return { ...server, port, call, key: `authorization: Bearer ${secret}` };
}

/** A caller with a socket of its own, and what it has read. */
function openCaller(port: number): { socket: Socket; said: () => string; closed: Promise<unknown> } {
  const socket = connect(port, '127.0.0.1');
  // A write behind the end of the connection is an error, and no surprise.
  const closed = new Promise((resolve) => socket.once('close', resolve));
  let said = '';
  socket.on('error', () => {});
  socket.setEncoding('latin1').on('data', (text: string) => {
    said += text;
  });
  onEnd(() => void socket.destroy());
  return { socket, said: () => said, closed };
}

/** Writes a text one byte after the other, until all is written or the connection closes. */
async function drip(socket: Socket, text: string, everyMs: number): Promise<void> {
  for (const byte of text) {
    if (socket.destroyed || !socket.writable) return;
    socket.write(byte);
    await sleep(everyMs);
  }
}

function head(path: string, headers: readonly string[], method = 'POST'): string {
  return `${[`${method} ${path} HTTP/1.1`, 'host: a', ...headers].join('\r\n')}\r\n\r\n`;
}

function chunk(text: string): string {
  return `${text.length.toString(16)}\r\n${text}\r\n`;
}

const LINE = `${JSON.stringify({ kind: KIND, ...message() })}\n`;

describe('a request that arrives slowly', () => {
  test('ends at HTTP_HEADERS_TIMEOUT within its headers, while others are served', async () => {
    const { port, call } = await stage({ HTTP_HEADERS_TIMEOUT: '500ms' });
    const { socket, said, closed } = openCaller(port);

    void drip(socket, `GET /v1/tenants HTTP/1.1\r\nx: ${'a'.repeat(10_000)}`, 20);
    const { status } = await call('/v1/tenants');
    await closed;

    expect(status).toBe(200);
    expect(answerIn(Buffer.from(said()), false)?.status).toBe(408);
    expect(said()).toContain('"code":"REQUEST_TIMEOUT"');
  });

  test.for(['/v1/messages', '/v1/events', '/v1/jobs/retry'])(
    'ends at HTTP_BODY_TIMEOUT within its body, and says why: %s',
    async (path) => {
      const { port, call, key } = await stage({ HTTP_ANSWER_TIMEOUT: '2s', HTTP_BODY_TIMEOUT: '500ms' });
      const { socket, said, closed } = openCaller(port);

      socket.write(head(path, [key, 'content-type: application/json', 'content-length: 100000']));
      void drip(socket, ' '.repeat(100_000), 20);
      const { status } = await call('/v1/tenants');
      await closed;

      expect(status).toBe(200);
      expect(said()).toMatch(/^HTTP\/1\.1 408 /);
      expect(said()).toContain('"code":"REQUEST_TIMEOUT"');
    },
  );

  test('is refused before its body at an address that does not exist', async () => {
    const { port } = await stage({});
    const { socket, said, closed } = openCaller(port);

    socket.write(head('/v1/none', ['content-type: application/json', 'content-length: 100000']));
    void drip(socket, ' '.repeat(100_000), 20);
    await closed;

    expect(said()).toMatch(/^HTTP\/1\.1 404 /);
    expect(said()).toContain('"code":"RESOURCE_UNKNOWN"');
  });

  test('may take as long as HTTP_BODY_TIMEOUT, also where the handler reads the body', async () => {
    const { port, key } = await stage({});
    const { socket, said } = openCaller(port);
    const { tenantId, ...data } = message();
    const event = {
      specversion: '1.0',
      id: '1',
      source: '/a',
      type: `com.genesys.webmessaging.${KIND}`,
      partitionkey: tenantId,
      data,
    };
    const body = JSON.stringify(event);

    socket.write(
      head('/v1/events', [
        key,
        'content-type: application/cloudevents+json',
        `content-length: ${body.length}`,
      ]),
    );
    // Longer than the server waits for Redis.
    await drip(socket, body.slice(0, 25), 100);
    socket.write(body.slice(25));
    await waitFor(() => said().includes('}'), { what: 'the answer' });

    expect(said()).toMatch(/^HTTP\/1\.1 202 /);
  });

  test('may take longer than HTTP_BODY_TIMEOUT when it is a batch', async () => {
    const { port, key } = await stage({ HTTP_BODY_TIMEOUT: '500ms', HTTP_ANSWER_TIMEOUT: '5s' });
    const { socket, said } = openCaller(port);

    socket.write(head('/v1/batch', [key, NDJSON, CHUNKED]) + chunk(LINE));
    await drip(socket, chunk(' ').repeat(10), 20);
    await waitFor(() => said().includes('"line":1'), { what: 'the first line' });
    socket.write(`${chunk('\n')}${chunk(LINE)}0\r\n\r\n`);
    await waitFor(() => said().includes('"summary"'), { what: 'the summary' });

    expect(said()).toContain('"summary":{"lines":2,"accepted":2');
  });

  test('ends at HTTP_BATCH_TIMEOUT when it is a batch', async () => {
    const { port, key } = await stage({ HTTP_BATCH_TIMEOUT: '1s', HTTP_HEADERS_TIMEOUT: '500ms' });
    const { socket, said, closed } = openCaller(port);

    socket.write(head('/v1/batch', [key, NDJSON, CHUNKED]) + chunk(LINE));
    void drip(socket, chunk(' ').repeat(10_000), 20);
    await closed;

    expect(said()).toContain('"accepted"');
    expect(said()).not.toContain('"summary"');
  });
});

describe('a caller that does not read its answer', () => {
  test('loses its batch at HTTP_IDLE_TIMEOUT, and makes room for another one', async () => {
    const { port, call, key } = await stage({ HTTP_IDLE_TIMEOUT: '1s', HTTP_MAX_BATCHES: '1' });
    const { socket, closed } = openCaller(port);
    socket.pause();
    const lines = '{"kind":"none"}\n'.repeat(2000);
    const isOpen = () => !socket.destroyed && socket.writable;

    socket.write(head('/v1/batch', [key, NDJSON, CHUNKED]));
    void (async () => {
      while (isOpen())
        if (!socket.write(chunk(lines))) await Promise.race([once(socket, 'drain'), closed]).catch(() => {});
    })();
    const batch = () =>
      call('/v1/batch', { body: LINE, headers: { 'content-type': 'application/x-ndjson' } });
    // The time-out holds for these calls too. A loaded machine may lose some, so each is repeated.
    const answered = (status: number, send: () => Promise<Answered>, what: string) =>
      waitFor(
        async () => {
          const answer = await send();
          return answer.status === status && answer;
        },
        { what },
      );
    const refused = await answered(429, batch, 'a batch that is under way');
    await answered(200, batch, 'room for another batch');

    expect(refused.body).toMatchObject({ code: 'TOO_MANY_BATCHES' });
    expect(refused.headers.get('retry-after')).toBe('10');
    await answered(200, () => call('/v1/tenants'), 'an answer to another request');
  });

  test('has one of HTTP_MAX_STREAMS until it leaves, however many ask at once', async () => {
    const { port, call, key } = await stage({ HTTP_MAX_STREAMS: '2', HTTP_KEY_SHARE: '100' });
    const { body } = await call('/v1/messages', { body: message() });
    const callers = Array.from({ length: 6 }, () => openCaller(port));
    for (const { socket } of callers) socket.write(head(`/v1/jobs/${body.id}/events`, [key], 'GET'));
    const statusOf = ({ said }: (typeof callers)[number]) => /^HTTP\/1\.1 (\d+)/.exec(said())?.[1];
    await waitFor(() => callers.every((caller) => statusOf(caller)), { what: 'an answer to each' });

    expect(callers.map(statusOf).sort()).toEqual(['200', '200', '429', '429', '429', '429']);
    expect(callers.find((caller) => statusOf(caller) === '429')?.said()).toContain('TOO_MANY_STREAMS');

    for (const { socket } of callers) socket.destroy();
    const again = async () => {
      const later = openCaller(port);
      later.socket.write(head(`/v1/jobs/${body.id}/events`, [key], 'GET'));
      await waitFor(() => later.said() !== '', { what: 'an answer' });
      return statusOf(later) === '200';
    };
    await waitFor(again, { what: 'room for another stream' });
  });
});

test('connections beyond HTTP_MAX_CONNECTIONS are closed, and idle ones make room in time', async () => {
  const limits = { HTTP_MAX_CONNECTIONS: '20', HTTP_HEADERS_TIMEOUT: '3s' };
  const { url, port, key } = await stage(limits);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onEnd(() => agent.destroy());
  const [, secret = ''] = key.split(': ');
  const asEarlier = async () => {
    const request = get(`${url}/v1/tenants`, { agent, headers: { authorization: secret } });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    response.resume();
    await once(response, 'end');
    return response.statusCode;
  };
  expect(await asEarlier()).toBe(200);

  const flood = Array.from({ length: 60 }, () => openCaller(port));
  const closed = () => flood.filter(({ socket }) => socket.destroyed).length;
  await waitFor(() => closed() >= 41, { what: 'the end of the connections beyond the limit' });

  expect(await asEarlier()).toBe(200);
  await Promise.all(flood.map((caller) => caller.closed));
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
});
