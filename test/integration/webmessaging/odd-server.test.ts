import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { createWebSockets } from '../../../src/outbound/web-sockets.ts';
import type { Awaited } from '../../../src/webmessaging/answers.ts';
import { type Connection, openConnection } from '../../../src/webmessaging/connection.ts';
import { onEnd } from '../../support/lifetime.ts';
import { ORIGIN } from './stage.ts';

type Request = Readonly<Record<string, unknown>>;

const signal = AbortSignal.timeout(120_000);
const frame = (frameClass: string, code: number, body: unknown, tracingId?: unknown) =>
  JSON.stringify({
    type: 'response',
    class: frameClass,
    code,
    body,
    ...(tracingId !== undefined && { tracingId }),
  });
const NOTHING: Awaited<true> = { take: () => undefined };
const JWT: Awaited<string> = { take: (each) => (each.kind === 'jwt' ? each.jwt : undefined) };

/** A server that configures every session, and answers the other requests as the test says. */
async function connectTo(answer: (request: Request, number: number) => readonly string[]) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  onEnd(() => server.close());
  let requests = 0;
  server.on('connection', (socket) => {
    onEnd(() => socket.terminate());
    socket.on('message', (data) => {
      const request = JSON.parse(String(data)) as Request;
      const { action, tracingId } = request;
      const configured = frame('SessionResponse', 200, { connected: true, newSession: true }, tracingId);
      const answers = action === 'configureSession' ? [configured] : answer(request, ++requests);
      for (const each of answers) socket.send(each);
    });
  });
  const sockets = createWebSockets({
    connectTimeoutMs: 30_000,
    userAgent: 'gwm/test',
    maxMessageBytes: 100_000,
  });
  onEnd(() => sockets.close());
  const { port } = server.address() as AddressInfo;
  const target = {
    url: new URL(`http://127.0.0.1:${port}/v1`),
    deploymentId: 'd-1',
    origin: ORIGIN,
    token: 'token',
    requests: { count: 1000, windowMs: 1000 },
  };
  const times = { connectTimeoutMs: 30_000, answerTimeoutMs: 30_000, pingMs: 30_000 };
  return await openConnection(target, { sockets, ...times, onClose: () => {} }, signal);
}

const ask = (connection: Connection) => connection.ask({ action: 'getJwt' }, JWT, { signal });

test('a connection takes no request behind an error without a tracing id, whose copy may follow', async () => {
  const connection = await connectTo(() => [frame('string', 4011, 'too long')]);
  await expect(ask(connection)).rejects.toMatchObject({ code: 'CONTENT_REFUSED', isTraced: false });
  expect(connection.isUsable()).toBe(false);
  await expect(ask(connection)).rejects.toMatchObject({ code: 'GENESYS_UNREACHABLE', isUnknown: false });
});

test('an error with the id of an earlier request does not meet the next one', async () => {
  let first: unknown;
  const connection = await connectTo(({ tracingId }, number) => {
    if (number === 1) first = tracingId;
    if (number === 1) return [frame('string', 4011, 'too long', tracingId)];
    return [
      frame('string', 4011, 'too long', first),
      frame('JwtResponse', 200, { jwt: 'a.b.c', exp: 1 }, tracingId),
    ];
  });
  await expect(ask(connection)).rejects.toMatchObject({ code: 'CONTENT_REFUSED', isTraced: true });
  expect(connection.isUsable()).toBe(true);
  expect(await ask(connection)).toBe('a.b.c');
});

test('the end of the session is the answer to a request that it names', async () => {
  const connection = await connectTo(({ tracingId }) => [frame('SessionExpiredEvent', 200, {}, tracingId)]);
  const message = { type: 'Text', text: 'Hello' } as const;
  const sending = connection.ask({ action: 'onMessage', message }, NOTHING, { signal });
  await expect(sending).rejects.toMatchObject({ code: 'CONVERSATION_CLOSED', remedy: 'configure' });
  expect(connection.isUsable()).toBe(false);
});

test('the end of the session that names no request leaves open what became of a message', async () => {
  const connection = await connectTo(() => [frame('SessionExpiredEvent', 200, {})]);
  const message = { type: 'Text', text: 'Hello' } as const;
  const sending = connection.ask({ action: 'onMessage', message }, NOTHING, { signal, timeoutMs: 100 });
  await expect(sending).rejects.toMatchObject({ code: 'GENESYS_UNREACHABLE', isUnknown: true });
});

test('an error about another file does not meet the request under way', async () => {
  const connection = await connectTo(({ tracingId }) => [
    frame('UploadFailureEvent', 200, { attachmentId: 'other', errorCode: 4003, errorMessage: 'x' }),
    frame('JwtResponse', 200, { jwt: 'a.b.c', exp: 1 }, tracingId),
  ]);
  expect(await ask(connection)).toBe('a.b.c');
});

test('two requests at once are a mistake of ours, and the second one is not sent', async () => {
  let seen = 0;
  const connection = await connectTo(({ tracingId }, number) => {
    seen = number;
    return [frame('JwtResponse', 200, { jwt: 'a.b.c', exp: 1 }, tracingId)];
  });
  const first = ask(connection);
  await expect(ask(connection)).rejects.toThrow(TypeError);
  expect(await first).toBe('a.b.c');
  expect(seen).toBe(1);
});
