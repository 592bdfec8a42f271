import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type OpenStoreOptions, openAuditStore } from '../../../src/audit/open-store.ts';
import type { AuditRecord } from '../../../src/audit/record.ts';
import type { AuditStore, Selection, StoredRecord } from '../../../src/audit/store.ts';
import { onEnd } from '../../support/lifetime.ts';
import { testDatabase } from '../../support/postgres.ts';

/** A database for a test, and ways to change it. */
export interface TestStore {
  readonly url: string;
  readonly store: AuditStore;
  /** Opens another store on the same database. */
  open(options?: OpenStoreOptions): Promise<AuditStore>;
  /** Runs SQL past the stores. */
  tamper(sql: string): Promise<void>;
}

/** A PostgreSQL database, which tests can query too. */
export interface PostgresTestStore extends TestStore {
  sql(text: string): Promise<Record<string, unknown>[]>;
}

/** The databases of the contract. */
export const DATABASES = [
  { name: 'SQLite', openTestStore: openSqlite },
  { name: 'PostgreSQL', openTestStore: openPostgres },
] as const;

export type OpenTestStore = (typeof DATABASES)[number]['openTestStore'];

async function openSqlite(options?: OpenStoreOptions): Promise<TestStore> {
  const folder = await mkdtemp(join(tmpdir(), 'gwm-audit-'));
  onEnd(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'audit.db');
  return await openTestStore(`sqlite:${path}`, options, async (sql) => {
    using database = new DatabaseSync(path, { timeout: 5000 });
    database.exec(sql);
  });
}

async function openPostgres(options?: OpenStoreOptions): Promise<PostgresTestStore> {
  const { url, sql } = await testDatabase();
  const opened = await openTestStore(url, options, async (text) => {
    await sql(text);
  });
  return { ...opened, sql };
}

async function openTestStore(
  url: string,
  defaults: OpenStoreOptions = {},
  tamper: TestStore['tamper'],
): Promise<TestStore> {
  const open = async (options?: OpenStoreOptions) => {
    const store = await openAuditStore(url, { ...defaults, ...options });
    onEnd(() => store.close());
    return store;
  };
  return { url, store: await open(), open, tamper };
}

/** A sound record with these fields. */
export function record(fields: Partial<AuditRecord> = {}): AuditRecord {
  return {
    tenantId: 'acme',
    id: 'job-1',
    source: 'own',
    occurredAt: '2026-03-01T09:30:00.000Z',
    action: 'message.delivered',
    status: 'delivered',
    details: { jobId: 'job-1', latencyMs: 42 },
    ...fields,
  };
}

/** A number of records with ids of their own, a second apart. */
export function records(count: number, fields: Partial<AuditRecord> = {}, prefix = 'job'): AuditRecord[] {
  const startMs = Date.parse('2026-03-01T00:00:00.000Z');
  return Array.from({ length: count }, (_, index) =>
    record({
      id: `${prefix}-${index + 1}`,
      occurredAt: new Date(startMs + index * 1000).toISOString(),
      details: { index },
      ...fields,
    }),
  );
}

/** All records of a selection. */
export async function readAll(store: AuditStore, selection: Selection): Promise<StoredRecord[]> {
  const found: StoredRecord[] = [];
  for await (const stored of store.read(selection)) found.push(stored);
  return found;
}
