import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { listen } from './listen.ts';

/** A request to the proxy. */
export interface Proxied {
  readonly method: string;
  /** `host:port` of a tunnel, or the whole address of a forwarded request. */
  readonly target: string;
  readonly authorization: string | undefined;
}

export interface TestProxy {
  readonly url: string;
  readonly received: readonly Proxied[];
}

export interface TestProxyOptions {
  /** The proxy requires this user name and password. */
  readonly login?: string;
  /** The proxy answers with this status in place of a connection. */
  readonly refuseWith?: number;
  /** The proxy never answers. */
  readonly isSilent?: boolean;
}

/**
 * An HTTP proxy as in companies: it opens tunnels for CONNECT, and forwards requests with a whole
 * address.
 */
export async function openProxy({ login, refuseWith, isSilent }: TestProxyOptions = {}): Promise<TestProxy> {
  const received: Proxied[] = [];
  const expected = login === undefined ? undefined : `Basic ${Buffer.from(login).toString('base64')}`;

  /** @returns the status of the refusal. Undefined for an allowed request */
  function note({ method = '', url: target = '', headers }: IncomingMessage): number | undefined {
    const authorization = headers['proxy-authorization'];
    received.push({ method, target, authorization });
    return expected !== undefined && authorization !== expected ? 407 : refuseWith;
  }

  const server = createServer((request, response) => {
    const refusal = note(request);
    if (refusal !== undefined) return void response.writeHead(refusal).end();
    const { 'proxy-authorization': _, ...headers } = request.headers;
    const onward = httpRequest(request.url ?? '', { method: request.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.writeHead(502).end());
    request.pipe(onward);
  });
  server.on('connect', (request, socket: Socket, head) => {
    const refusal = note(request);
    if (isSilent) return;
    if (refusal !== undefined) return void socket.end(`HTTP/1.1 ${refusal} No\r\nContent-Length: 0\r\n\r\n`);
    const [, host = '', port = ''] = /^\[?([^\]]+)\]?:(\d+)$/.exec(request.url ?? '') ?? [];
    const onward = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection established\r\nX-Proxy: test\r\n\r\n');
      onward.write(head);
      socket.pipe(onward).pipe(socket);
    });
    onward.on('error', () => socket.destroy());
    socket.on('close', () => onward.destroy());
  });
  return { url: `http://127.0.0.1:${await listen(server)}`, received };
}
