import type { DatabaseSync } from 'node:sqlite';
import { OperatorError } from '../core/errors.ts';

/** Each brings the tables from one version to the next. */
const MIGRATIONS = [
  `
  CREATE TABLE audit_heads (
    tenant_id TEXT PRIMARY KEY,
    sequence INTEGER NOT NULL,
    hash TEXT NOT NULL,
    anchor_sequence INTEGER NOT NULL,
    anchor_hash TEXT NOT NULL,
    recorded_at TEXT NOT NULL
  ) STRICT;
  CREATE TABLE audit_records (
    tenant_id TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    id TEXT NOT NULL,
    source TEXT NOT NULL,
    occurred_at TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    action TEXT NOT NULL,
    status TEXT NOT NULL,
    details TEXT NOT NULL CHECK (json_valid(details)),
    hash TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX audit_records_by_sequence ON audit_records (tenant_id, sequence);
  CREATE UNIQUE INDEX audit_records_by_id ON audit_records (tenant_id, id);
  CREATE INDEX audit_records_by_time ON audit_records (tenant_id, occurred_at, sequence);`,
  'ALTER TABLE audit_heads ADD COLUMN anchor_hmac TEXT;',
];

const VERSION = MIGRATIONS.length;

/**
 * Updates the tables, inside a transaction of the caller.
 *
 * @throws {OperatorError} when a newer version wrote the database.
 */
export function migrateSqlite(database: DatabaseSync, path: string): void {
  const version = versionOf(database);
  if (version > VERSION) {
    throw new OperatorError(`The audit database ${path} was written by a newer version; use that version.`);
  }
  for (const migration of MIGRATIONS.slice(version)) database.exec(migration);
  if (version < VERSION) database.exec(`PRAGMA user_version = ${VERSION}`);
}

/** @throws {OperatorError} when the tables are missing; a reader must not create them. */
export function requireTables(database: DatabaseSync, path: string): void {
  if (versionOf(database) > 0) return;
  throw new OperatorError(
    `There is no audit database in ${path}: the file holds no audit records. Set AUDIT_DATABASE_URL to where it is.`,
  );
}

function versionOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
}
