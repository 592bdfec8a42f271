import { connect, type Socket } from 'node:net';

/** An answer as it came. */
export interface WireAnswer {
  readonly status: number;
  /** Names in lower case; a header that came twice is joined. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
  /** All bytes, with the status line. */
  readonly raw: Buffer;
}

export interface Exchange {
  readonly bytes: Buffer | readonly Buffer[];
  /** How many answers should come. A pipelined request has several. */
  readonly answers: number;
  /** The methods of the requests, for answers without a body. */
  readonly isHead: boolean;
  /** Leave after this time, whether or not an answer came. */
  readonly patienceMs: number;
}

export interface Outcome {
  readonly answers: readonly WireAnswer[];
  /** Why it ended: all answers came, the server closed, or this client left. */
  readonly end: 'answered' | 'closed' | 'left';
  /** What came behind the last whole answer. */
  readonly rest: Buffer;
}

/** Sends bytes through a new socket, and reads what comes. It never throws. */
export async function exchange(
  port: number,
  { bytes, answers, isHead, patienceMs }: Exchange,
): Promise<Outcome> {
  const socket = connect({ port, host: '127.0.0.1', ...ownAddress() });
  const { promise, resolve } = Promise.withResolvers<Outcome['end']>();
  const found: WireAnswer[] = [];
  let rest: Buffer = Buffer.alloc(0);
  const timer = setTimeout(() => resolve('left'), patienceMs);
  socket.on('error', () => resolve('closed'));
  socket.on('end', () => resolve('closed'));
  socket.on('close', () => resolve('closed'));
  socket.on('data', (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (let next = answerIn(rest, isHead); next; next = answerIn(rest, isHead)) {
      rest = rest.subarray(next.raw.length);
      // 100 says that the body may come.
      if (next.status >= 200) found.push(next);
      if (found.length >= answers) resolve('answered');
    }
    // A stream of events has no end.
    if (/^content-type: text\/event-stream/im.test(rest.toString('latin1', 0, 2000))) resolve('left');
  });
  send(socket, Array.isArray(bytes) ? bytes : [bytes as Buffer]);
  const end = await promise;
  clearTimeout(timer);
  socket.destroy();
  // The end of the connection is the end of an answer without a length.
  const last = end === 'answered' ? undefined : answerIn(rest, isHead, true);
  if (last && last.status >= 200) {
    found.push(last);
    rest = rest.subarray(last.raw.length);
  }
  return { answers: found, end, rest };
}

let exchanges = 0;

/** The kernel keeps a closed connection for a minute. One address would run out of ports. */
function ownAddress(): { localAddress?: string } {
  if (process.platform !== 'linux') return {};
  return { localAddress: `127.0.0.${2 + (exchanges++ % 200)}` };
}

function send(socket: Socket, parts: readonly Buffer[]): void {
  const [first, ...others] = parts;
  if (first === undefined) return;
  socket.write(first, () => {
    if (others.length > 0 && !socket.destroyed) setImmediate(() => send(socket, others));
  });
}

/** The first whole answer of the bytes; at the end of a connection, one without its end as well. */
export function answerIn(bytes: Buffer, isHead: boolean, hasEnded = false): WireAnswer | undefined {
  const head = bytes.indexOf('\r\n\r\n');
  if (head < 0) return undefined;
  const [first = '', ...lines] = bytes.toString('latin1', 0, head).split('\r\n');
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(first)?.[1] ?? Number.NaN);
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers.set(name, headers.has(name) ? `${headers.get(name)}, ${value}` : value);
  }
  const start = head + 4;
  const body = bodyOf(bytes, start, { status, headers, isHead, hasEnded });
  return body && { status, headers, body: body.body, raw: bytes.subarray(0, body.end) };
}

interface Head {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly isHead: boolean;
  readonly hasEnded: boolean;
}

function bodyOf(bytes: Buffer, start: number, head: Head): { body: Buffer; end: number } | undefined {
  const { status, headers, isHead, hasEnded } = head;
  const nothing = { body: Buffer.alloc(0), end: start };
  if (status < 200 || status === 204 || status === 304) return nothing;
  // An answer to what is no HTTP has a body, also when the request was to be a HEAD.
  if (isHead && !(hasEnded && bytes.length > start)) return nothing;
  if (headers.get('transfer-encoding') === 'chunked') {
    return (
      chunksOf(bytes, start) ?? (hasEnded ? { body: bytes.subarray(start), end: bytes.length } : undefined)
    );
  }
  const length = Number(headers.get('content-length') ?? Number.NaN);
  if (Number.isInteger(length)) {
    const end = start + length;
    if (bytes.length >= end) return { body: bytes.subarray(start, end), end };
    return hasEnded ? { body: bytes.subarray(start), end: bytes.length } : undefined;
  }
  return hasEnded ? { body: bytes.subarray(start), end: bytes.length } : undefined;
}

function chunksOf(bytes: Buffer, start: number): { body: Buffer; end: number } | undefined {
  const parts: Buffer[] = [];
  for (let at = start; ; ) {
    const line = bytes.indexOf('\r\n', at);
    if (line < 0) return undefined;
    const size = Number.parseInt(bytes.toString('latin1', at, line), 16);
    const from = line + 2;
    if (Number.isNaN(size) || bytes.length < from + size + 2) return undefined;
    if (size === 0) return { body: Buffer.concat(parts), end: from + 2 };
    parts.push(bytes.subarray(from, from + size));
    at = from + size + 2;
  }
}
