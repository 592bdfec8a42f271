import type { Socket } from 'node:net';
import { buildConnector } from 'undici';
import { endOfHead, isInterim, MAX_HEAD_BYTES, statusIn } from './head.ts';
import type { WayOut } from './proxies.ts';

/**
 * A request failed at the proxy. The text is safe to log: host and port of the proxy, a status or a
 * code.
 */
export class ProxyFailure extends Error {
  override readonly name = 'ProxyFailure';
  constructor({ name }: Pick<WayOut, 'name'>, reason: string, cause?: unknown) {
    super(`the proxy ${name} ${reason}`, { cause });
  }
}

export type Connector = ReturnType<typeof buildConnector>;
type Connected = (...result: [error: null, socket: Socket] | [error: Error, socket: null]) => void;

/** Connects to a proxy, for whole requests and for tunnels. */
export function proxyConnector(timeoutMs: number): Connector {
  const connect = buildConnector({ timeout: timeoutMs });
  return (options, callback) => {
    connect(options, (error, socket) => {
      if (!error) return callback(null, socket);
      const { code = error.name } = error as NodeJS.ErrnoException;
      callback(
        new ProxyFailure(
          { name: `${options.hostname}:${options.port}` },
          `cannot be reached: ${code}`,
          error,
        ),
        null,
      );
    });
  };
}

/**
 * Asks a proxy for a tunnel to `host:port` (`CONNECT`, RFC 9110 §9.3.6). Afterwards the proxy
 * passes all bytes on.
 *
 * @param authority `host:port`, IPv6 in brackets
 */
export function openTunnel(
  connect: Connector,
  proxy: WayOut,
  authority: string,
  timeoutMs: number,
  connected: Connected,
): void {
  const { protocol, hostname, port } = proxy;
  connect({ protocol, hostname, host: hostname, port }, (error, socket) => {
    if (error) return connected(error, null);
    const asked = [
      `CONNECT ${authority} HTTP/1.1`,
      `Host: ${authority}`,
      ...(proxy.authorization === undefined ? [] : [`Proxy-Authorization: ${proxy.authorization}`]),
    ];
    awaitAnswer(socket, proxy, timeoutMs, connected);
    socket.write(`${asked.join('\r\n')}\r\n\r\n`);
  });
}

function awaitAnswer(socket: Socket, proxy: WayOut, timeoutMs: number, connected: Connected): void {
  let bytes: Buffer = Buffer.alloc(0);
  const timer = setTimeout(() => fail(`gave no answer to CONNECT within ${timeoutMs} ms`), timeoutMs);
  const onError = (error: NodeJS.ErrnoException) =>
    fail(`broke the connection: ${error.code ?? error.name}`, error);
  const onEnd = () => fail('closed the connection without an answer to CONNECT');

  function stop(): void {
    clearTimeout(timer);
    socket.off('readable', read).off('error', onError).off('end', onEnd).off('close', onEnd);
  }

  function fail(reason: string, cause?: Error): void {
    stop();
    socket.on('error', () => {}).destroy();
    connected(new ProxyFailure(proxy, reason, cause), null);
  }

  function read(): void {
    for (;;) {
      const chunk = socket.read() as Buffer | null;
      if (chunk === null) return;
      bytes = Buffer.concat([bytes, chunk]);
      if (judge()) return;
      if (bytes.length <= MAX_HEAD_BYTES) continue;
      fail('sent an answer to CONNECT that is too long');
      return;
    }
  }

  /** @returns whether the answer is complete. */
  function judge(): boolean {
    for (;;) {
      const end = endOfHead(bytes);
      if (end < 0) return false;
      const status = statusIn(bytes.toString('latin1', 0, end)) ?? 0;
      bytes = bytes.subarray(end);
      if (isInterim(status)) continue;
      if (status < 200 || status > 299) {
        fail(`answered ${status} to CONNECT`);
        return true;
      }
      stop();
      if (bytes.length > 0) socket.unshift(bytes);
      connected(null, socket);
      return true;
    }
  }

  socket.on('readable', read).on('error', onError).on('end', onEnd).on('close', onEnd);
}
