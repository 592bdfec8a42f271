/**
 * Export and verification need the same memory for any number of records. The test reads 100,000
 * records; with AUDIT_ROWS=1000000 a million, which takes one or two minutes:
 *
 *   AUDIT_ROWS=1000000 npx vitest run --project e2e test/e2e/audit-memory.test.ts
 */
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { openAuditStore } from '../../src/audit/open-store.ts';
import { fillPostgres, fillSqlite, monthsOf } from '../integration/audit/many-rows.ts';
import { DATABASES, record } from '../integration/audit/stores.ts';
import { testDatabase } from '../support/postgres.ts';
import { startProcess } from '../support/processes.ts';

const READER = fileURLToPath(new URL('../integration/audit/reader-process.ts', import.meta.url));
const ROWS = Number(process.env['AUDIT_ROWS'] ?? 100_000);
const TIMEOUT_MS = ROWS > 100_000 ? 600_000 : 300_000;
const [SQLITE] = DATABASES;

interface Reading {
  readonly records: number;
  readonly seconds: number;
  /** Peak of resident memory above that of the idle process, in MiB. */
  readonly grownMiB: number;
}

async function read(url: string, what: string): Promise<Reading> {
  // Half of the rows would not fit into this heap.
  const args = ['--max-old-space-size=32', '--max-semi-space-size=2', READER, url, what];
  const reader = startProcess(process.execPath, args);
  const reading = JSON.parse(await reader.line(/^\{/, TIMEOUT_MS)) as Reading;
  if (ROWS > 100_000)
    console.log(`${ROWS} rows, ${what} of ${url.split(':')[0]}: ${JSON.stringify(reading)}`);
  expect(await reader.exit).toEqual({ code: 0, signal: null });
  return reading;
}

async function openSqlite(): Promise<string> {
  const { store, url } = await SQLITE.openTestStore();
  await store.close();
  fillSqlite(url.slice('sqlite:'.length), ROWS);
  return url;
}

async function openPostgres(): Promise<string> {
  const { url, sql } = await testDatabase();
  const store = await openAuditStore(url);
  await store.append(
    monthsOf(ROWS).map((occurredAt) => record({ tenantId: 'other', id: occurredAt, occurredAt })),
  );
  await store.close();
  await fillPostgres(sql, ROWS);
  return url;
}

describe.for([
  { name: 'SQLite', open: openSqlite },
  { name: 'PostgreSQL', open: openPostgres },
])('export and verification of many records in $name', ({ open }) => {
  test('use bounded memory', { timeout: TIMEOUT_MS }, async () => {
    const url = await open();

    for (const what of ['verify', 'ndjson', 'csv']) {
      const { records, grownMiB } = await read(url, what);
      expect(records).toBe(ROWS);
      expect(grownMiB).toBeLessThan(64);
    }
  });
});
