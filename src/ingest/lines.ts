import type { Issue } from '../core/issues.ts';
import { decodeUtf8, firstBadByte } from '../core/utf8.ts';
import { tooLarge } from './body-error.ts';
import { parseText, shapeIssues } from './json-bytes.ts';
import { LineSplitter } from './line-splitter.ts';

/** One line of a batch: its value, or its error. Numbers count from 1, empty lines included. */
export type Line = { readonly number: number } & (
  | { readonly value: unknown; readonly error?: never }
  | { readonly error: Issue; readonly value?: never }
);

export interface LineLimits {
  /** Of one line, without its line end. A longer line is an error of that line. */
  readonly maxLineBytes: number;
  /** Of all lines together. */
  readonly maxBytes: number;
}

/**
 * Reads the lines of an NDJSON body. It leaves out empty lines and counts them. A line ends with LF
 * or CRLF; the last one may end with the body. It holds one chunk and one line at a time, and asks
 * for the next chunk only when the caller has taken all lines of this one.
 *
 * @throws {BodyError} `BODY_TOO_LARGE` behind the last line that ends within `maxBytes`. Also any
 * error of the source.
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
  { maxLineBytes, maxBytes }: LineLimits,
): AsyncGenerator<Line, void> {
  const splitter = new LineSplitter(maxLineBytes);
  let left = maxBytes;
  for await (const chunk of chunks) {
    const allowed = chunk.subarray(0, left);
    for (const bytes of splitter.take(allowed)) {
      const line = lineOf(splitter.number, bytes, maxLineBytes);
      if (line) yield line;
    }
    // The line that is under way has not ended within the limit.
    if (allowed.length < chunk.length) throw tooLarge(maxBytes);
    left -= chunk.length;
  }
  const rest = splitter.rest();
  const last = lineOf(splitter.number, rest, maxLineBytes);
  if (last) yield last;
}

/** White space of JSON. Line ends of other systems are among it. */
const BLANK = /^[ \t\r]*$/;

/** @param bytes of the line; undefined for a line that is too long. */
function lineOf(number: number, bytes: Uint8Array | undefined, maxLineBytes: number): Line | undefined {
  const failed = (message: string): Line => ({ number, error: { path: '', message } });
  if (bytes === undefined) return failed(`expected a line of at most ${maxLineBytes} bytes, got more`);
  const text = decodeUtf8(bytes);
  if (text === undefined) {
    return failed(`expected UTF-8, got another encoding from byte ${firstBadByte(bytes)} of the line on`);
  }
  if (BLANK.test(text)) return undefined;
  const json = parseText(text);
  if (json.error !== undefined) return failed(json.error);
  const [error] = shapeIssues(json.value, json.hasLongNumbers);
  return error === undefined ? { number, value: json.value } : { number, error };
}
