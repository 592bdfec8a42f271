import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { messageOf, OperatorError } from '../core/errors.ts';
import { parseExact } from '../core/exact-json.ts';
import { describeFileError, shownPath } from '../core/file-error.ts';
import { quotedKey } from '../core/issues.ts';
import { decodeUtf8, firstBadByte } from '../core/utf8.ts';

/**
 * One line of an NDJSON input: the value, or its error. Numbered from 1; blank lines are left out.
 */
export type NdjsonLine = { readonly line: number } & (
  | { readonly value: unknown; readonly issue?: never }
  | { readonly issue: string; readonly value?: never }
);

export interface NdjsonInput {
  /**
   * The lines, read on demand, once.
   * @throws {OperatorError} when the input breaks off.
   */
  readonly lines: AsyncIterable<NdjsonLine>;
  /** Size in bytes; undefined for a pipe. */
  readonly size: number | undefined;
  /** Bytes read so far. */
  bytesRead(): number;
}

const MAX_LINE_CHARACTERS = 1024 * 1024;
const TOO_LONG = `expected at most ${MAX_LINE_CHARACTERS} characters on a line, got more`;

/**
 * Opens an NDJSON file, or standard input for `-`.
 * @throws {OperatorError} when the file is missing.
 */
export async function openNdjson(file: string): Promise<NdjsonInput> {
  if (file === '-') return openNdjsonStream(process.stdin, 'standard input');
  const name = `The file ${shownPath(file)}`;
  const info = await stat(file).catch((error: unknown) => {
    throw new OperatorError(`${name} cannot be read: ${describeFileError(error)}`, 'not-found');
  });
  if (info.isDirectory()) {
    throw new OperatorError(`${name} is a folder; wanted a file with one job per line.`, 'not-found');
  }
  return openNdjsonStream(createReadStream(file), name, info.isFile() ? info.size : undefined);
}

/**
 * Opens a stream of bytes.
 * @param name of the input, for messages.
 */
export function openNdjsonStream(stream: Readable, name: string, size?: number): NdjsonInput {
  let bytes = 0;

  // Counts bytes in the reader. A `data` listener would start the stream before its reader is
  // ready.
  async function* chunks(): AsyncGenerator<Buffer> {
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        yield chunk;
      }
    } catch (error) {
      throw new OperatorError(`Reading ${name} broke off: ${messageOf(error)}`, 'unavailable');
    }
  }

  return { lines: parseLines(chunks()), size, bytesRead: () => bytes };
}

async function* parseLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<NdjsonLine> {
  let line = 0;
  for await (const bytes of splitLines(chunks)) {
    line++;
    if (!isBlank(bytes)) yield { line, ...parseLine(bytes) };
  }
}

const LINE_FEED = 0x0a;
/** One character of JavaScript takes at most three bytes of UTF-8. */
const MAX_LINE_BYTES = 3 * MAX_LINE_CHARACTERS + 3;

/**
 * Splits at line feeds only: JSON may hold the other line breaks of Unicode. It splits bytes, so
 * that a line that is not UTF-8 does not damage the next. Of a line that is too long it keeps just
 * enough to know that.
 */
async function* splitLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let length = 0;
  const take = (part: Buffer) => {
    // One byte more than allowed shows that the line is too long.
    const kept = part.subarray(0, Math.max(0, MAX_LINE_BYTES + 1 - length));
    if (kept.length > 0) parts.push(kept);
    length += kept.length;
  };
  const line = () => {
    const [only = Buffer.alloc(0), ...others] = parts;
    const whole = others.length === 0 ? only : Buffer.concat(parts);
    parts = [];
    length = 0;
    return whole;
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      take(chunk.subarray(start, end));
      yield line();
      start = end + 1;
    }
    take(chunk.subarray(start));
  }
  yield line();
}

/** White space of JSON, after an optional byte order mark. */
const BLANK = /^(?:\xef\xbb\xbf)?[ \t\r]*$/;

function isBlank(bytes: Buffer): boolean {
  return BLANK.test(bytes.toString('latin1', 0, 4)) && BLANK.test(bytes.toString('latin1'));
}

function parseLine(bytes: Buffer): { value: unknown } | { issue: string } {
  if (bytes.length > MAX_LINE_BYTES) return { issue: TOO_LONG };
  const text = decodeUtf8(bytes);
  if (text === undefined) {
    return { issue: `expected UTF-8, got another encoding from byte ${firstBadByte(bytes)} of the line on` };
  }
  if (text.length > MAX_LINE_CHARACTERS) return { issue: TOO_LONG };
  const longNumbers: string[] = [];
  try {
    const value = parseExact(text, (key) => longNumbers.push(key));
    return longNumbers[0] === undefined ? { value } : { issue: numberIssue(longNumbers[0]) };
  } catch {
    // The parser quotes the line, which may hold a customer's text.
    return { issue: 'expected JSON, one job on the line' };
  }
}

/** Redis stores JavaScript numbers. A longer number would lose digits. */
function numberIssue(key: string): string {
  return `${quotedKey(key)}: expected a number that keeps its digits (about 15 of them), or a text in quotes, got a longer number`;
}
