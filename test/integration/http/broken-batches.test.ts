import { once } from 'node:events';
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { testRedis } from '../../support/redis.ts';
import { openRefusingProxy } from '../../support/refusing-proxy.ts';
import { message, openSystem } from '../../support/system.ts';
import { callerOf } from './calls.ts';
import { openServer } from './stage.ts';

const KIND = 'message-transmission';
/** Far less than HTTP_IDLE_TIMEOUT. */
const SOON_MS = 10_000;

function lines(count: number): string {
  return Array.from({ length: count }, () => `${JSON.stringify({ kind: KIND, ...message() })}\n`).join('');
}

/** A batch whose caller never ends its body. */
function openBatch(url: string, secret: string, headers: Record<string, string> = {}) {
  const request = httpRequest(`${url}/v1/batch`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/x-ndjson', ...headers },
  });
  const closed = new Promise<number>((resolve) => {
    const startedMs = performance.now();
    request.on('error', () => {});
    request.on('close', () => resolve(performance.now() - startedMs));
  });
  return { request, closed };
}

/** Sends the first lines. @returns the answer, as soon as it has results. */
async function begun(request: ClientRequest, body: string | Buffer): Promise<IncomingMessage> {
  request.write(body);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  await once(response, 'readable');
  return response;
}

/** The code of the problem at the end of an answer. */
async function problemIn(response: IncomingMessage): Promise<string> {
  const last = (await text(response)).trimEnd().split('\n').at(-1) ?? '{}';
  return JSON.parse(last).problem?.code;
}

test('a batch with rubbish behind its compressed lines ends with its connection', async () => {
  const { url, keys } = await openServer(await openSystem());
  const { request, closed } = openBatch(url, await keys.make(), { 'content-encoding': 'gzip' });

  const response = await begun(request, gzipSync(lines(50)));
  request.write(Buffer.from('rubbish'.repeat(100)));

  expect(await problemIn(response)).toBe('BODY_DAMAGED');
  expect(await closed).toBeLessThan(SOON_MS);
});

test('a batch that Redis ends ends with its connection', async () => {
  const proxy = await openRefusingProxy(testRedis().url);
  const { url, keys } = await openServer(await openSystem(), { REDIS_URL: proxy.url });
  const { request, closed } = openBatch(url, await keys.make());

  const response = await begun(request, lines(10));
  proxy.refuse(/^evalsha .*message-transmission/is, 1, 'BUSY Redis is busy running a script.');
  request.write(lines(10));

  expect(await problemIn(response)).toBe('REDIS_UNAVAILABLE');
  expect(await closed).toBeLessThan(SOON_MS);
});

test('a caller that reads the answer only behind its body still has the whole answer', async () => {
  const { url, keys } = await openServer(await openSystem());
  const secret = await keys.make();
  const { port } = new URL(url);
  const socket = connect({ port: Number(port), host: '127.0.0.1', allowHalfOpen: true });
  const send = async (body: Buffer) => {
    const isWritten = promisify<Buffer>(socket.write.bind(socket));
    await isWritten(
      Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n')]),
    );
  };
  const head = [
    'POST /v1/batch HTTP/1.1',
    'host: localhost',
    `authorization: Bearer ${secret}`,
    'content-type: application/x-ndjson',
    'content-encoding: gzip',
    'transfer-encoding: chunked',
  ];

  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  await send(gzipSync(lines(50)));
  const [first] = (await once(socket, 'data')) as [Buffer];
  socket.pause();
  await send(Buffer.from('rubbish'));
  for (let sent = 0; sent < 100; sent++) await send(Buffer.alloc(64 * 1024));
  socket.end('0\r\n\r\n');
  const answer = first.toString() + (await text(socket));

  expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  expect(answer).toContain('"code":"BODY_DAMAGED"');
  expect(answer).toMatch(/\r\n0\r\n\r\n$/);
});

test('a batch with an Idempotency-Key is refused: its lines have keys', async () => {
  const { url, keys } = await openServer(await openSystem());
  const call = callerOf(url, await keys.make());

  const { status, body } = await call('/v1/batch', {
    body: lines(2),
    headers: { 'content-type': 'application/x-ndjson', 'idempotency-key': 'order-1' },
  });

  expect([status, body.code]).toEqual([422, 'IDEMPOTENCY_KEY_MISPLACED']);
  expect(body.title).toMatch(/Idempotency-Key/);
});
