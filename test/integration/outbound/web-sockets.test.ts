import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { createProxies } from '../../../src/outbound/proxies.ts';
import {
  createWebSockets,
  type SocketListener,
  SocketRefused,
  type WebSockets,
} from '../../../src/outbound/web-sockets.ts';
import { onEnd } from '../../support/lifetime.ts';
import { openProxy } from '../../support/proxy.ts';
import { openTlsServer } from '../../support/tls-server.ts';

type Answer = (socket: WebSocket, request: IncomingMessage) => void;

interface Server {
  readonly url: URL;
  readonly requests: IncomingMessage[];
  readonly sockets: WebSocket[];
}

/** A WebSocket server by another implementation. @param refuse the raw answer in place of a socket */
async function openServer({ answer, refuse }: { answer?: Answer; refuse?: string } = {}): Promise<Server> {
  const server = createServer();
  const wire = new WebSocketServer({ noServer: true, perMessageDeflate: true });
  const requests: IncomingMessage[] = [];
  const sockets: WebSocket[] = [];
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    requests.push(request);
    onEnd(() => socket.destroy());
    if (refuse !== undefined) return void (refuse === '' || socket.end(refuse));
    wire.handleUpgrade(request, socket, head, (webSocket) => {
      sockets.push(webSocket);
      answer?.(webSocket, request);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onEnd(() => server.close());
  const { port } = server.address() as AddressInfo;
  return { url: new URL(`http://127.0.0.1:${port}/v1?deploymentId=d-1`), requests, sockets };
}

function openSockets(settings: Partial<Parameters<typeof createWebSockets>[0]> = {}): WebSockets {
  const sockets = createWebSockets({
    connectTimeoutMs: 5000,
    userAgent: 'gwm/test',
    maxMessageBytes: 10_000,
    ...settings,
  });
  onEnd(() => sockets.close());
  return sockets;
}

/** What a socket told its owner. */
function listen() {
  const heard = { texts: [] as string[], pongs: 0, codes: [] as number[] };
  const listener: SocketListener = {
    onText: (text) => void heard.texts.push(text),
    onPong: () => void heard.pongs++,
    onClose: (code) => void heard.codes.push(code),
  };
  return { heard, listener };
}

const opening = (sockets: WebSockets, url: URL, listener = listen().listener) =>
  sockets.open(url, {
    headers: { origin: 'https://shop.example' },
    listener,
    deadline: AbortSignal.timeout(30_000),
  });

describe('a WebSocket', () => {
  test('asks with the given Origin and our User-Agent, and hears what comes right behind the answer', async () => {
    const server = await openServer({ answer: (socket) => socket.send('hello') });
    const { heard, listener } = listen();
    const socket = await opening(openSockets(), server.url, listener);
    await expect.poll(() => heard.texts).toEqual(['hello']);
    expect(server.requests[0]?.headers).toMatchObject({
      origin: 'https://shop.example',
      'user-agent': 'gwm/test',
    });
    expect(server.requests[0]?.url).toBe('/v1?deploymentId=d-1');
    expect(socket.isOpen()).toBe(true);
    socket.cut();
    await expect.poll(() => heard.codes).toEqual([1006]);
  });

  test('sends texts, hears texts and pongs, and leaves out binary messages', async () => {
    const server = await openServer({
      answer: (socket) =>
        socket.on('message', (data) => {
          socket.send(Buffer.from([1, 2]));
          socket.send(`got ${data}`);
        }),
    });
    const { heard, listener } = listen();
    const socket = await opening(openSockets(), server.url, listener);
    expect(socket.send('first')).toBe(true);
    socket.ping();
    await expect.poll(() => heard).toMatchObject({ texts: ['got first'], pongs: 1 });
    socket.close();
    await expect.poll(() => heard.codes).toEqual([1000]);
    expect(socket.send('late')).toBe(false);
  });

  test('tells the code with which the server closes it', async () => {
    const server = await openServer({ answer: (socket) => socket.close(1001) });
    const { heard, listener } = listen();
    await opening(openSockets(), server.url, listener);
    await expect.poll(() => heard.codes).toEqual([1001]);
  });

  test('is cut off when the server does not answer its close', async () => {
    const server = await openServer();
    const { heard, listener } = listen();
    const socket = await opening(openSockets(), server.url, listener);
    server.sockets[0]?.pause();
    socket.close();
    await expect.poll(() => heard.codes).toEqual([1006]);
  });

  test.each([
    ['long', (socket: WebSocket) => socket.send('x'.repeat(10_001), { compress: false })],
    ['long when decompressed', (socket: WebSocket) => socket.send('x'.repeat(10_001), { compress: true })],
    ['not UTF-8', (socket: WebSocket) => socket.send(Buffer.from([0xff, 0xfe]), { binary: false })],
  ])('breaks with a message that is %s', async (_name, send) => {
    const server = await openServer({ answer: send });
    const { heard, listener } = listen();
    await opening(openSockets(), server.url, listener);
    await expect.poll(() => heard.codes).toHaveLength(1);
    expect(heard.texts).toEqual([]);
  });
});

describe('a WebSocket does not open', () => {
  test.each([403, 302, 200, 429])('when the server answers %i', async (status) => {
    const refuse = `HTTP/1.1 ${status} No\r\nLocation: /elsewhere\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`;
    const server = await openServer({ refuse });
    const failure = opening(openSockets(), server.url);
    await expect(failure).rejects.toThrow(SocketRefused);
    await expect(failure).rejects.toMatchObject({ status });
    expect(server.requests).toHaveLength(1);
  });

  test('and its error has the headers of the answer', async () => {
    const refuse = 'HTTP/1.1 403 No\r\nX-Reason: none\r\nContent-Length: 0\r\nConnection: close\r\n\r\n';
    const failure = opening(openSockets(), (await openServer({ refuse })).url);
    const refused = await failure.catch((error: unknown) => error);
    expect((refused as SocketRefused).headers.get('x-reason')).toBe('none');
  });

  test('when the key in the answer is a wrong one', async () => {
    const refuse =
      'HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: wrong\r\n\r\n';
    await expect(opening(openSockets(), (await openServer({ refuse })).url)).rejects.toThrow();
  });

  test('when the connection is refused, and says so', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    const failure = opening(openSockets(), new URL(`http://127.0.0.1:${port}/v1`));
    await expect(failure).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('when the server is silent until the deadline', async () => {
    const server = await openServer({ refuse: '' });
    const { listener } = listen();
    const failure = openSockets().open(server.url, {
      headers: {},
      listener,
      deadline: AbortSignal.timeout(100),
    });
    await expect(failure).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});

describe('the way out of a WebSocket', () => {
  test('leads through a tunnel of the proxy', async () => {
    const [proxy, server] = [await openProxy(), await openServer({ answer: (socket) => socket.send('hi') })];
    const { heard, listener } = listen();
    const sockets = openSockets({ proxies: createProxies({ httpProxy: proxy.url }) });
    await opening(sockets, server.url, listener);
    await expect.poll(() => heard.texts).toEqual(['hi']);
    expect(proxy.received).toMatchObject([{ method: 'CONNECT', target: server.url.host }]);
  });

  test('is TLS for https addresses, with the name of the host', async () => {
    const server = await openTlsServer(['localhost']);
    const failure = opening(openSockets(), new URL(`https://localhost:${server.port}/v1`));
    await expect(failure).rejects.toMatchObject({ name: 'SocketRefused', status: 200 });
    expect(server.received[0]).toMatchObject({ serverName: 'localhost', path: '/v1' });
  });
});
