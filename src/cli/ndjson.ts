import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { messageOf, OperatorError } from '../core/errors.ts';
import { parseExact } from '../core/exact-json.ts';
import { quotedKey } from '../core/faults.ts';

/** One line of an NDJSON input: the value, or why it is none. Numbered from 1; blank lines are left out. */
export type NdjsonLine = { readonly line: number } & (
  | { readonly value: unknown; readonly fault?: never }
  | { readonly fault: string; readonly value?: never }
);

export interface NdjsonInput {
  /** Read as they are asked for, once. @throws {OperatorError} when the input breaks off. */
  readonly lines: AsyncIterable<NdjsonLine>;
  /** Size in bytes; undefined for a pipe. */
  readonly size: number | undefined;
  /** Bytes read so far. */
  bytesRead(): number;
}

const MAX_LINE_CHARACTERS = 1024 * 1024;

/**
 * Opens an NDJSON file, or standard input for `-`.
 * @throws {OperatorError} when there is no such file.
 */
export async function openNdjson(file: string): Promise<NdjsonInput> {
  if (file === '-') return read(process.stdin, 'the standard input', undefined);
  const info = await stat(file).catch((error: unknown) => {
    throw new OperatorError(`The file ${file} cannot be read: ${messageOf(error)}`);
  });
  if (info.isDirectory())
    throw new OperatorError(`${file} is a folder; wanted a file with a job on each line.`);
  return read(createReadStream(file), file, info.isFile() ? info.size : undefined);
}

function read(stream: Readable, name: string, size: number | undefined): NdjsonInput {
  let bytes = 0;

  // Counted where it is read: a listener beside it would set the stream in motion before anybody reads.
  async function* texts(): AsyncGenerator<string> {
    const decoder = new TextDecoder();
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        yield decoder.decode(chunk, { stream: true });
      }
    } catch (error) {
      throw new OperatorError(`Reading ${name} broke off: ${messageOf(error)}`);
    }
    yield decoder.decode();
  }

  return { lines: parseLines(texts()), size, bytesRead: () => bytes };
}

async function* parseLines(texts: AsyncIterable<string>): AsyncGenerator<NdjsonLine> {
  let line = 0;
  for await (const text of splitLines(texts)) {
    line++;
    if (text.trim() !== '') yield { line, ...parseLine(text) };
  }
}

/**
 * Lines end with a line feed, and with nothing else: JSON may hold the other line breaks of Unicode. Of a
 * line that is too long no more is kept than it takes to see that.
 */
async function* splitLines(texts: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const text of texts) {
    const [first = '', ...others] = text.split('\n');
    rest = `${rest}${first}`.slice(0, MAX_LINE_CHARACTERS + 1);
    for (const next of others) {
      yield rest;
      rest = next;
    }
  }
  yield rest;
}

function parseLine(text: string): { value: unknown } | { fault: string } {
  if (text.length > MAX_LINE_CHARACTERS) {
    return { fault: `expected at most ${MAX_LINE_CHARACTERS} characters on a line, got more` };
  }
  const longNumbers: string[] = [];
  try {
    // A byte order mark in front of the first line is no part of the JSON.
    const value = parseExact(text.replace(/^\uFEFF/, ''), (key) => longNumbers.push(key));
    return longNumbers[0] === undefined ? { value } : { fault: numberFault(longNumbers[0]) };
  } catch {
    // The parser's own words would quote the line, which may be what a customer wrote.
    return { fault: 'expected JSON, one job on the line' };
  }
}

/** A job is stored with JavaScript numbers; a customer would read other digits than the producer wrote. */
function numberFault(key: string): string {
  return `${quotedKey(key)}: expected a number that keeps its digits (about 15 of them), or a text in quotes, got a longer number`;
}
