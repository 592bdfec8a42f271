import type { Socket } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import type { RawAnswer } from './raw-server.ts';
import { rawAnswer } from './raw-server.ts';

/**
 * What a client must read in an answer: its status, and whether its body is readable. `none`: no
 * answer.
 */
export interface OddAnswer {
  readonly bytes: RawAnswer;
  readonly status: number | 'none';
  readonly isReadable?: false;
}

/** An answer with these header fields, and with `body` if it has one. */
export function oddAnswers(body: string): Readonly<Record<string, OddAnswer>> {
  const length = Buffer.byteLength(body);
  const ok = `HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n${body}`;
  const chunked = `${length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
  const with200 = (headers: string) =>
    `HTTP/1.1 200 OK\r\n${headers}Content-Length: ${length}\r\n\r\n${body}`;
  const closing = (text: string | Buffer) => (socket: Socket) => void socket.end(text);
  const compressed = (encoding: string, bytes: Buffer) =>
    rawAnswer(200, bytes, [`Content-Encoding: ${encoding}`]);
  return {
    'an answer like any other': { bytes: ok, status: 200 },
    '100 Continue': { bytes: `HTTP/1.1 100 Continue\r\n\r\n${ok}`, status: 200 },
    '100 Continue, and the rest a moment later': {
      bytes: inPieces(['HTTP/1.1 100 Continue\r\n\r\n', ok]),
      status: 200,
    },
    '100 Continue three times, with a header': {
      bytes: `${'HTTP/1.1 100 Continue\r\nX-Note: a\r\n\r\n'.repeat(3)}${ok}`,
      status: 200,
    },
    '102 Processing': { bytes: `HTTP/1.1 102 Processing\r\n\r\n${ok}`, status: 200 },
    '103 Early Hints': {
      bytes: `HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n${ok}`,
      status: 200,
    },
    '100, 102, 103 and 199': {
      bytes: `HTTP/1.1 100 C\r\n\r\nHTTP/1.1 102 P\r\n\r\nHTTP/1.1 103 E\r\n\r\nHTTP/1.1 199 M\r\n\r\n${ok}`,
      status: 200,
    },
    'an empty line first': { bytes: `\r\n${ok}`, status: 200 },
    'an empty line, and 100 Continue': { bytes: `\r\nHTTP/1.1 100 Continue\r\n\r\n${ok}`, status: 200 },
    'empty lines, and a repeated length': {
      bytes: `\r\n\n ${with200(`Content-Length: ${length}\r\n`)}`,
      status: 200,
    },
    'an empty line byte by byte, and 103 Early Hints': {
      bytes: inPieces([...`\r\nHTTP/1.1 103 E\r\n\r\n\r\n${ok}`]),
      status: 200,
    },
    'empty lines without end': { bytes: closing('\r\n'.repeat(1000)), status: 'none' },
    'HTTP in lower case': { bytes: ok.replace('HTTP', 'http'), status: 200 },
    'a version with two digits': { bytes: ok.replace('1.1', '01.10'), status: 200 },
    'a head that comes byte by byte': { bytes: inPieces([...ok]), status: 200 },
    '204 without a body': { bytes: 'HTTP/1.1 204 No Content\r\n\r\n', status: 204, isReadable: false },
    '204 with a length': {
      bytes: 'HTTP/1.1 204 No Content\r\nContent-Length: 0\r\nContent-Type: text/plain\r\n\r\n',
      status: 204,
      isReadable: false,
    },
    205: {
      bytes: 'HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n',
      status: 205,
      isReadable: false,
    },
    304: { bytes: 'HTTP/1.1 304 Not Modified\r\n\r\n', status: 304 },
    301: {
      bytes: 'HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1/x\r\nContent-Length: 0\r\n\r\n',
      status: 301,
    },
    '202 in chunks': {
      bytes: `HTTP/1.1 202 Accepted\r\nTransfer-Encoding: chunked\r\n\r\n${chunked}`,
      status: 202,
    },
    'chunks with a trailer': {
      bytes: `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: x-a\r\n\r\n${chunked.replace(/\r\n$/, 'x-a: 1\r\n\r\n')}`,
      status: 200,
    },
    'a header of any script': { bytes: Buffer.from(with200('X-Note: Grüße 你好 🚀\r\n')), status: 200 },
    'a reason of any script': {
      bytes: Buffer.from(ok.replace('200 OK', '200 Angenommen ✓')),
      status: 200,
    },
    'no reason': { bytes: ok.replace(' OK', ''), status: 200 },
    'HTTP/1.0': { bytes: closing(`HTTP/1.0 200 OK\r\n\r\n${body}`), status: 200 },
    'no length': { bytes: closing(`HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n${body}`), status: 200 },
    'a body that is shorter than was said': {
      bytes: closing(`HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n${body}`),
      status: 200,
      isReadable: false,
    },
    600: { bytes: 'HTTP/1.1 600 Odd\r\nContent-Length: 0\r\n\r\n', status: 600 },
    999: { bytes: 'HTTP/1.1 999 Request denied\r\nContent-Length: 0\r\n\r\n', status: 999 },
    'line feeds alone': { bytes: ok.replaceAll('\r\n', '\n'), status: 200 },
    'a repeated length': { bytes: with200(`Content-Length: ${length}\r\n`), status: 200 },
    'a repeated length in one line': {
      bytes: `HTTP/1.1 200 OK\r\nContent-Length: ${length}, ${length}\r\n\r\n${body}`,
      status: 200,
    },
    'two lengths': { bytes: with200('Content-Length: 1\r\n'), status: 200, isReadable: false },
    'a length and chunks': {
      bytes: `HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\nTransfer-Encoding: chunked\r\n\r\n${chunked}`,
      status: 200,
    },
    'a header of 20 KB': { bytes: with200(`X-Big: ${'a'.repeat(20_000)}\r\n`), status: 200 },
    'headers of 100 KB': {
      bytes: with200(
        Array.from({ length: 500 }, (_, n) => `Set-Cookie: c${n}=${'v'.repeat(200)}\r\n`).join(''),
      ),
      status: 200,
    },
    'headers of 1 MB': {
      bytes: with200(`X-Big: ${'a'.repeat(1_000_000)}\r\n`),
      status: 200,
      isReadable: false,
    },
    'a control character in a header': { bytes: with200('X-A: a\x01b\r\n'), status: 200 },
    'a header over two lines': { bytes: with200('X-A: a\r\n b\r\n'), status: 200 },
    'white space before a colon': { bytes: with200('X-A : a\r\n'), status: 200 },
    'a header without a colon': { bytes: with200('nonsense\r\n'), status: 200 },
    'a status line, and the end': {
      bytes: closing('HTTP/1.1 200 OK\r\nX-A: 1'),
      status: 200,
      isReadable: false,
    },
    'half a status line, and the end': { bytes: closing('HTTP/1.1 20'), status: 'none' },
    nonsense: { bytes: closing('hello\r\n\r\n'), status: 'none' },
    'nothing, and the end': { bytes: closing(''), status: 'none' },
    'a reset': { bytes: (socket: Socket) => void socket.resetAndDestroy(), status: 'none' },
    '101 Switching Protocols': {
      bytes: 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
      status: 'none',
    },
    '100 Continue, and nothing else': { bytes: closing('HTTP/1.1 100 Continue\r\n\r\n'), status: 'none' },
    gzip: { bytes: compressed('gzip', gzipSync(body)), status: 200 },
    deflate: { bytes: compressed('deflate', deflateSync(body)), status: 200 },
    'deflate without its frame': { bytes: compressed('deflate', deflateRawSync(body)), status: 200 },
    'br in gzip': { bytes: compressed('br, gzip', gzipSync(brotliCompressSync(body))), status: 200 },
    'a compression that is not known': {
      bytes: compressed('zstd', Buffer.from(body)),
      status: 200,
      isReadable: false,
    },
    'gzip that is none': { bytes: compressed('gzip', Buffer.from(body)), status: 200, isReadable: false },
  };
}

/** Sends each piece in its own packet. */
function inPieces(pieces: readonly string[]): RawAnswer {
  return (socket) => {
    const [...left] = pieces;
    const next = () => {
      const piece = left.shift();
      if (piece !== undefined) socket.write(piece, () => setImmediate(next));
    };
    next();
  };
}
