import type { Header } from './headers.ts';
import type { Random } from './random.ts';
import { CANARY } from './values.ts';

interface Message {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly Header[];
  readonly body: Buffer;
}

export interface Framed {
  readonly parts: readonly Buffer[];
  /** Answers to wait for. */
  readonly answers: number;
  /** A request that never becomes whole has no answer soon. Its sender leaves. */
  readonly patienceMs: number;
  readonly how: string;
}

/** An answer takes longer on a loaded machine. Redis may be silent for two seconds. */
const PATIENCE_MS = 60_000;
const LEAVING_MS = 30;

const HOST: Header = ['host', 'localhost'];

interface Framing {
  readonly how: string;
  readonly leaves?: true;
  readonly answers?: number;
  frame(message: Message, random: Random): readonly Buffer[];
}

const PLAIN: Framing = {
  how: '',
  frame: (message) => [whole(message, [length(message.body)])],
};

const ODD: readonly Framing[] = [
  { how: 'in chunks', frame: (message) => [head(message, [CHUNKED]), ...chunks(message.body)] },
  {
    how: 'in chunks with extensions and trailers',
    frame: (message) => [
      head(message, [CHUNKED, ['trailer', 'x-a']]),
      Buffer.from(`${message.body.length.toString(16)};a="${CANARY}"\r\n`),
      message.body,
      Buffer.from(`\r\n0\r\nx-a: ${CANARY}\r\nauthorization: Bearer ${CANARY}\r\n\r\n`),
    ],
  },
  {
    how: 'with a wrong size of a chunk',
    frame: (message) => [head(message, [CHUNKED]), Buffer.from(`${CANARY}\r\n`), message.body],
  },
  {
    how: 'with a huge size of a chunk',
    leaves: true,
    frame: (message) => [head(message, [CHUNKED]), Buffer.from('FFFFFFFFFFFFFFF\r\n'), message.body],
  },
  {
    how: 'whose chunks break off',
    leaves: true,
    frame: (message) => [head(message, [CHUNKED]), ...chunks(message.body).slice(0, -1)],
  },
  {
    how: 'with a length and chunks',
    frame: (message) => [head(message, [length(message.body), CHUNKED]), ...chunks(message.body)],
  },
  {
    how: 'with two lengths',
    frame: (message) => [whole(message, [length(message.body), ['Content-Length', '3']])],
  },
  {
    how: 'with a length that is no number',
    frame: (message) => [whole(message, [['content-length', '-1']])],
  },
  {
    how: 'with an endless length',
    frame: (message) => [whole(message, [['content-length', '99999999999999999999']])],
  },
  {
    how: 'with a longer length',
    leaves: true,
    frame: (message) => [whole(message, [['content-length', String(message.body.length + 10)]])],
  },
  {
    how: 'with a shorter length',
    frame: (message) => [whole(message, [['content-length', String(message.body.length >> 1)]])],
  },
  {
    how: 'without a length',
    frame: (message) => [whole(message, [])],
  },
  {
    how: 'of HTTP/1.0',
    frame: (message) => [whole(message, [length(message.body)], 'HTTP/1.0')],
  },
  {
    how: 'of another HTTP',
    frame: (message, random) => [
      whole(
        message,
        [length(message.body)],
        random.pick(['HTTP/2.0', 'HTTP/0.9', 'HTTP/1.2', 'HTTP/9', CANARY, '']),
      ),
    ],
  },
  {
    how: 'three times in one write',
    answers: 3,
    frame: (message) => {
      const one = whole({ ...message }, [length(message.body)]);
      return [Buffer.concat([one, one, one])];
    },
  },
  {
    how: 'followed by another without a pause',
    answers: 2,
    frame: (message) => [
      whole(message, [length(message.body)]),
      Buffer.from('GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n'),
    ],
  },
  {
    how: 'byte by byte',
    frame(message) {
      const body = message.body.subarray(0, 40);
      const bytes = whole({ ...message, body }, [length(body)]);
      const single = Array.from(bytes.subarray(0, 60), (byte): Buffer => Buffer.from([byte]));
      return [...single, bytes.subarray(60)];
    },
  },
  {
    how: 'whose sender leaves at once',
    leaves: true,
    frame: (message) => [whole(message, [length(message.body)])],
  },
  {
    how: 'with a header that is none',
    frame: (message, random) => [
      Buffer.concat([
        Buffer.from(`${message.method} ${message.path} HTTP/1.1\r\nhost: a\r\n`),
        random.pick([
          Buffer.from(`${CANARY}\r\n`),
          Buffer.from(` folded: ${CANARY}\r\n`),
          Buffer.from(`a b: ${CANARY}\r\n`),
          Buffer.from(`a: ${CANARY}\0\r\n`),
          Buffer.from(`a: ${CANARY}\nb: c\r\n`),
          Buffer.from(`: ${CANARY}\r\n`),
          Buffer.from(`host: ${CANARY}\r\n`),
        ]),
        Buffer.from('\r\n'),
      ]),
    ],
  },
  {
    how: 'without a host',
    frame: (message) => [whole(message, [length(message.body)], 'HTTP/1.1', [])],
  },
  {
    how: 'that is noise',
    frame: (_message, random) => [
      random.pick([
        Buffer.concat([random.bytes(200), Buffer.from('\r\n\r\n')]),
        Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
        Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03]),
        Buffer.from(`${CANARY}\r\n\r\n`),
      ]),
    ],
  },
  {
    how: 'with a huge address',
    frame: (message) => [whole({ ...message, path: longer(message.path, 4000) }, [length(message.body)])],
  },
  {
    how: 'with a long address',
    frame: (message) => [whole({ ...message, path: longer(message.path, 900) }, [length(message.body)])],
  },
];

const CHUNKED: Header = ['transfer-encoding', 'chunked'];

/** The bytes of a request; most are as HTTP wants them. */
export function framed(message: Message, random: Random): Framed {
  const framing = random.chance(0.2) ? random.pick(ODD) : PLAIN;
  const { how, answers = 1, leaves = false } = framing;
  const parts = framing.frame(message, random);
  // Node leaves out what stands behind a request for an upgrade, and a broken body of it, until more
  // bytes come. HTTP_IDLE_TIMEOUT ends such a connection.
  const hasUpgrade = message.headers.some(([name]) => name === 'upgrade');
  return {
    parts,
    answers: hasUpgrade ? 1 : answers,
    how,
    patienceMs: leaves || (hasUpgrade && how !== '') ? LEAVING_MS : PATIENCE_MS,
  };
}

function whole(message: Message, extra: readonly Header[], version = 'HTTP/1.1', host = [HOST]): Buffer {
  return Buffer.concat([head(message, extra, version, host), message.body]);
}

function head(
  { method, path, headers }: Message,
  extra: readonly Header[],
  version = 'HTTP/1.1',
  host = [HOST],
): Buffer {
  const lines = [...host, ...headers, ...extra].map(([name, value]) => `${name}: ${value}\r\n`);
  const text = `${method} ${path} ${version}\r\n${lines.join('')}\r\n`;
  return Buffer.from(text, text.includes('é') ? 'utf8' : 'latin1');
}

function length(body: Buffer): Header {
  return ['content-length', String(body.length)];
}

function chunks(body: Buffer): Buffer[] {
  const half = body.length >> 1;
  const parts = [body.subarray(0, half), body.subarray(half)].filter((part) => part.length > 0);
  return [
    ...parts.map((part) =>
      Buffer.concat([Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n')]),
    ),
    Buffer.from('0\r\n\r\n'),
  ];
}

/** In a value: errors may name a parameter. */
function longer(path: string, times: number): string {
  return `${path}${path.includes('?') ? '&' : '?'}b=${CANARY.repeat(times)}`;
}
