import { Writable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvLine, type ExportFormat, exportRecords } from '../../../src/audit/export.ts';
import type { StoredRecord } from '../../../src/audit/store.ts';

const STORED: StoredRecord = {
  tenantId: 'acme',
  sequence: 7,
  id: '=1+1',
  source: 'genesys',
  occurredAt: '2026-03-01T09:30:00.000Z',
  recordedAt: '2026-03-01T09:30:01.000Z',
  action: 'says "hi", twice',
  status: 'ok',
  details: { a: [1, 'x'] },
  hash: 'f00',
};

async function* times(count: number, seen: (index: number) => void = () => {}): AsyncGenerator<StoredRecord> {
  for (let index = 0; index < count; index += 1) {
    seen(index);
    yield STORED;
  }
}

async function exported(count: number, format: ExportFormat): Promise<string> {
  let text = '';
  const out = new Writable({
    write(chunk, _encoding, done) {
      text += chunk;
      done();
    },
  });
  expect(await exportRecords(times(count), format, out)).toBe(count);
  expect(out.writableEnded).toBe(false);
  return text;
}

/** Reads CSV by RFC 4180. */
function parseCsv(text: string): string[][] {
  const cell = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/y;
  const rows: string[][] = [[]];
  for (let match = cell.exec(text); match; match = cell.exec(text)) {
    const [, raw = '', end] = match;
    rows.at(-1)?.push(raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw);
    if (end === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
}

describe('an export', () => {
  test('as NDJSON has one record per line', async () => {
    const lines = (await exported(3, 'ndjson')).split('\n');
    expect(lines.pop()).toBe('');
    expect(lines.map((line) => JSON.parse(line))).toEqual([STORED, STORED, STORED]);
  });

  test('as CSV has a header, also with no records', async () => {
    const header = 'tenantId,sequence,id,source,occurredAt,recordedAt,action,status,details,hash\r\n';
    expect(await exported(0, 'csv')).toBe(header);
    expect(await exported(0, 'ndjson')).toBe('');
    expect(await exported(1, 'csv')).toBe(
      `${header}acme,7,'=1+1,genesys,2026-03-01T09:30:00.000Z,2026-03-01T09:30:01.000Z,"says ""hi"", twice",ok,"{""a"":[1,""x""]}",f00\r\n`,
    );
  });

  test('reads no faster than its output takes', async () => {
    let read = 0;
    const taken = Promise.withResolvers<() => void>();
    const out = new Writable({
      highWaterMark: 1,
      write(_chunk, _encoding, done) {
        taken.resolve(done);
      },
    });
    const failed = exportRecords(
      times(1_000_000, (index) => (read = index)),
      'ndjson',
      out,
    ).catch(String);
    await taken.promise;
    const whileHeld = read;
    // Many turns of the event loop: without backpressure the reader goes on in them.
    for (let turn = 0; turn < 100; turn += 1) await new Promise((resolve) => setImmediate(resolve));

    expect(read - whileHeld).toBeLessThan(2000);
    expect(read).toBeLessThan(5000);
    out.destroy(new Error('gone'));
    expect(await failed).toContain('gone');
  });

  test('passes on the error of its reader', async () => {
    async function* broken(): AsyncGenerator<StoredRecord> {
      yield STORED;
      throw new Error('the database went away');
    }
    const out = new Writable({ write: (_chunk, _encoding, done) => done() });
    await expect(exportRecords(broken(), 'csv', out)).rejects.toThrow('the database went away');
  });
});

describe('a cell of CSV', () => {
  test.for(['=1+1', '+1', '-1', '@x', '\tx', '\rx', '=', "=cmd|' /C calc'!A0"])(
    'becomes text if it begins like %j',
    (text) => {
      expect(parseCsv(csvLine([text]))).toEqual([[`'${text}`]]);
    },
  );

  test('keeps its text, unless it could be a formula', () => {
    const text = fc.string({ unit: fc.constantFrom('"', ',', '\r', '\n', 'a', '=', "'", 'ü') });
    fc.assert(
      fc.property(fc.array(text, { minLength: 1 }), (cells) => {
        const harmless = cells.map((cell) => (/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell));
        expect(parseCsv(csvLine(cells))).toEqual([harmless]);
      }),
    );
  });
});
