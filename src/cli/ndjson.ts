import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { messageOf, OperatorError } from '../core/errors.ts';

/** One line of an NDJSON input: the value, or why it is none. Numbered from 1; blank lines are left out. */
export type NdjsonLine = { readonly line: number } & (
  | { readonly value: unknown; readonly fault?: never }
  | { readonly fault: string; readonly value?: never }
);

export interface NdjsonInput {
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
  if (file === '-') return read(process.stdin, undefined);
  const info = await stat(file).catch((error: unknown) => {
    throw new OperatorError(`The file ${file} cannot be read: ${messageOf(error)}`);
  });
  if (info.isDirectory())
    throw new OperatorError(`${file} is a folder; wanted a file with a job on each line.`);
  return read(createReadStream(file), info.isFile() ? info.size : undefined);
}

function read(stream: Readable, size: number | undefined): NdjsonInput {
  let bytes = 0;
  stream.on('data', (chunk: Buffer | string) => {
    bytes += Buffer.byteLength(chunk);
  });
  return { lines: parseLines(stream), size, bytesRead: () => bytes };
}

async function* parseLines(stream: Readable): AsyncGenerator<NdjsonLine> {
  let line = 0;
  for await (const text of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    line++;
    if (text.trim() === '') continue;
    yield { line, ...parseLine(text) };
  }
}

function parseLine(text: string): { value: unknown } | { fault: string } {
  if (text.length > MAX_LINE_CHARACTERS) {
    return { fault: `expected at most ${MAX_LINE_CHARACTERS} characters, got ${text.length}` };
  }
  try {
    // A byte order mark in front of the first line is no part of the JSON.
    return { value: JSON.parse(text.replace(/^\uFEFF/, '')) };
  } catch {
    // The parser's own words would quote the line, which may be what a customer wrote.
    return { fault: 'expected JSON, one job on the line' };
  }
}
