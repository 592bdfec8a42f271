import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringifyExact } from '../core/exact-json.ts';
import type { StoredRecord } from './store.ts';

export const EXPORT_FORMATS = ['ndjson', 'csv'] as const;

/** `ndjson`: one JSON object per line; `csv`: RFC 4180, with a header. */
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Characters per write. */
const CHUNK = 64 * 1024;

const COLUMNS = [
  'tenantId',
  'sequence',
  'id',
  'source',
  'occurredAt',
  'recordedAt',
  'action',
  'status',
  'details',
  'hash',
] as const;

/**
 * Writes records no faster than `out` takes them, and leaves `out` open.
 *
 * @returns the number of records.
 */
export async function exportRecords(
  records: AsyncIterable<StoredRecord>,
  format: ExportFormat,
  out: Writable,
): Promise<number> {
  let count = 0;
  async function* chunks(): AsyncGenerator<string> {
    let chunk = format === 'csv' ? csvLine(COLUMNS) : '';
    for await (const record of records) {
      chunk += format === 'csv' ? csvLine(cellsOf(record)) : `${stringifyExact(record)}\n`;
      count += 1;
      if (chunk.length < CHUNK) continue;
      yield chunk;
      chunk = '';
    }
    if (chunk !== '') yield chunk;
  }
  await pipeline(chunks, out, { end: false });
  return count;
}

function cellsOf(record: StoredRecord): string[] {
  const cells = { ...record, sequence: String(record.sequence), details: stringifyExact(record.details) };
  return COLUMNS.map((column) => cells[column]);
}

/** One line of CSV with its line break. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(text: string): string {
  // A spreadsheet runs text that begins like a formula. An apostrophe makes it plain text.
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
