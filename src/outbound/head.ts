/**
 * The head of an answer: its status line and headers. undici rejects some heads that other clients
 * accept, and with them the whole answer. The worker would then send a delivered message again. So
 * each head is checked before undici reads it. An odd head is rewritten in a form that undici
 * accepts, with the same status.
 */

/** Longest head that is read. Of a longer head only the status counts. */
export const MAX_HEAD_BYTES = 256 * 1024;
/** Longest head that one expression checks. A longer head is read line by line. */
const MAX_PLAIN_LENGTH = 16 * 1024;

const STATUS_LINE = /^HTTP\/\d+(?:\.\d+)?[ \t]+(\d{3})(?!\d)/i;
/** A head that undici accepts, apart from its framing. */
const PLAIN =
  /^HTTP\/1\.[01] [1-9]\d\d(?: [\t\x20-\x7e\x80-\xff]*)?\r\n(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\x80-\xff]*\r\n)*\r\n$/;
const FRAMING = /\r\n(?:content-length|transfer-encoding):[\t ]*([^\r]*)/gi;
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** The status of a head; undefined if it is not HTTP. @param head bytes as Latin-1 */
export function statusIn(head: string): number | undefined {
  const status = STATUS_LINE.exec(head)?.[1];
  return status === undefined ? undefined : Number(status);
}

/** Whether the final answer follows: true for 100, 102, 103 and similar. 101 ends HTTP instead. */
export function isInterim(status: number): boolean {
  return status >= 100 && status < 200 && status !== 101;
}

/**
 * Where an answer begins: after empty lines and white space. Some servers send these after the body
 * of the previous answer, and clients skip them (RFC 9112 §2.2).
 */
export function startOfHead(bytes: Buffer): number {
  let at = 0;
  while (at < bytes.length && isBlank(bytes[at])) at++;
  return at;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x0a || byte === 0x0d || byte === 0x20 || byte === 0x09;
}

/**
 * Where the body begins; -1 if the head is incomplete.
 * @param from end of the part searched before
 */
export function endOfHead(bytes: Buffer, from = 0): number {
  const withReturn = bytes.indexOf('\n\r\n', from, 'latin1');
  const bare = bytes
    .subarray(0, withReturn < 0 ? bytes.length : withReturn + 1)
    .indexOf('\n\n', from, 'latin1');
  if (bare >= 0) return bare + 2;
  return withReturn < 0 ? -1 : withReturn + 3;
}

/** Returns the head in a form that undici accepts; the same text if it does already. */
export function mendHead(head: string): string {
  return isPlain(head) ? head : rewrite(head);
}

function isPlain(head: string): boolean {
  if (head.length > MAX_PLAIN_LENGTH || !PLAIN.test(head)) return false;
  let framings = 0;
  for (const [, value = ''] of head.matchAll(FRAMING)) {
    framings++;
    if (framings > 1 || !/^(?:\d{1,15}|[a-z, ]*chunked)[\t ]*$/i.test(value)) return false;
  }
  return true;
}

/** Closes the connection too, because the end of such an answer is ambiguous. */
function rewrite(head: string): string {
  const fields = fieldsIn(head);
  const kept = fields.filter(([name]) => !FRAMING_NAMES.has(name.toLowerCase()));
  const lines = [...kept, ...framingOf(fields), ['connection', 'close'] as const];
  const text = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return `HTTP/1.1 ${statusIn(head)} Answer\r\n${text}\r\n`;
}

const FRAMING_NAMES: ReadonlySet<string> = new Set([
  'content-length',
  'transfer-encoding',
  'connection',
  'upgrade',
]);

type Field = readonly [name: string, value: string];

/** The readable headers. A line that begins with white space continues the previous header. */
function fieldsIn(head: string): Field[] {
  const fields: [string, string][] = [];
  for (const line of head.split(/\r?\n/).slice(1)) {
    const last = fields.at(-1);
    if (/^[\t ]/.test(line)) {
      if (last) last[1] = `${last[1]} ${clean(line)}`;
      continue;
    }
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon)).trim();
    if (NAME.test(name)) fields.push([name, clean(line.slice(colon + 1))]);
  }
  return fields;
}

function clean(value: string): string {
  return value.replace(/[^\t\x20-\x7e\x80-\xff]/g, '').trim();
}

/**
 * The headers that say where the body ends. Chunks win over lengths. Equal lengths become one. With
 * different lengths no body is read.
 */
function framingOf(fields: readonly Field[]): Field[] {
  const valuesOf = (wanted: string) =>
    fields
      .filter(([name]) => name.toLowerCase() === wanted)
      .flatMap(([, value]) => value.split(','))
      .map((value) => value.trim());
  if (valuesOf('transfer-encoding').some((value) => /^chunked$/i.test(value))) {
    return [['transfer-encoding', 'chunked']];
  }
  const lengths = new Set(valuesOf('content-length'));
  const [length] = lengths;
  if (length === undefined) return [];
  return [['content-length', lengths.size === 1 && /^\d{1,15}$/.test(length) ? length : '0']];
}
