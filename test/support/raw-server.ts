import { createServer, type Socket } from 'node:net';
import { listen } from './listen.ts';

/** A parsed request. */
export interface RawRequest {
  readonly method: string;
  /** The target of the request line. */
  readonly target: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Answers with these bytes, or uses the connection in another way. */
export type RawAnswer = string | Buffer | ((socket: Socket, request: RawRequest) => void);

/** A server that can write bytes that no HTTP library writes. */
export interface RawServer {
  readonly url: string;
  readonly requests: readonly RawRequest[];
}

/** Opens a server that closes at the end of the test or file. */
export async function openRawServer(answer: (request: RawRequest) => RawAnswer): Promise<RawServer> {
  const requests: RawRequest[] = [];
  const server = createServer((socket) => {
    let bytes: Buffer = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      for (;;) {
        const found = requestIn(bytes);
        if (!found) return;
        bytes = found.rest;
        requests.push(found.request);
        const said = answer(found.request);
        if (typeof said === 'function') said(socket, found.request);
        else socket.write(said);
      }
    });
  });
  return { url: `http://127.0.0.1:${await listen(server)}`, requests };
}

function requestIn(bytes: Buffer): { request: RawRequest; rest: Buffer } | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [first = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const [method = '', target = ''] = first.split(' ');
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const bodyEnd = end + 4 + Number(headers['content-length'] ?? 0);
  if (bytes.length < bodyEnd) return undefined;
  const body = bytes.toString('utf8', end + 4, bodyEnd);
  return { request: { method, target, headers, body }, rest: bytes.subarray(bodyEnd) };
}

/** An answer with JSON. */
export function jsonAnswer(status: number, body: unknown, headers: readonly string[] = []): Buffer {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  return rawAnswer(status, bytes, ['Content-Type: application/json', ...headers]);
}

/** An answer with any bytes, and their length. */
export function rawAnswer(status: number, body: Buffer, headers: readonly string[] = []): Buffer {
  const head = [`HTTP/1.1 ${status} X`, ...headers, `Content-Length: ${body.length}`];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]);
}
