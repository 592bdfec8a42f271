import { readdirSync, readFileSync } from 'node:fs';
import type { Sql } from './postgres-connection.ts';

/** Of PostgreSQL's advisory locks, taken by whoever changes the schema; any number that nobody else uses. */
export const SCHEMA_LOCK = 7_346_921_104;

const FOLDER = new URL('./migrations/', import.meta.url);

/**
 * Brings a PostgreSQL database up to date, in a transaction of the caller: every file of `migrations` that was not
 * applied yet, in the order of their numbers, all of them or none. Processes that start together do it one after the other.
 */
export async function migrate(sql: Sql): Promise<void> {
  const files = readdirSync(FOLDER)
    .filter((file) => /^\d{4}-.*\.sql$/.test(file))
    .sort();
  await sql.run('SELECT pg_advisory_xact_lock($1::bigint)', [SCHEMA_LOCK]);
  await sql.run(`CREATE TABLE IF NOT EXISTS audit_migrations
    (file text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())`);
  const applied = await sql.rows<{ file: string }>('SELECT file FROM audit_migrations');
  for (const file of files.filter((name) => !applied.some((row) => row.file === name))) {
    await sql.run(readFileSync(new URL(file, FOLDER), 'utf8'));
    await sql.run('INSERT INTO audit_migrations (file) VALUES ($1)', [file]);
  }
}
