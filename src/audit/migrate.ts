import { readdirSync, readFileSync } from 'node:fs';
import type { Sql } from './postgres-connection.ts';

/**
 * The advisory lock of PostgreSQL that every process takes before it changes the schema. The number
 * is arbitrary.
 */
export const SCHEMA_LOCK = 7_346_921_104;

const FOLDER = new URL('./migrations/', import.meta.url);

/**
 * Applies every new file of `migrations`, in the order of their numbers. It runs in a transaction
 * of the caller, which applies all of the files or none. The lock makes processes that start
 * together wait for each other.
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
