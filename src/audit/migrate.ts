import { readdirSync, readFileSync } from 'node:fs';
import type { Sql } from 'postgres';

/** Of PostgreSQL's advisory locks, taken by whoever changes the schema; any number that nobody else uses. */
export const SCHEMA_LOCK = 7_346_921_104;

const FOLDER = new URL('./migrations/', import.meta.url);

/**
 * Brings a PostgreSQL database up to date: every file of `migrations` that was not applied yet, in the order
 * of their numbers, all of them or none. Processes that start together do it one after the other.
 */
export async function migrate(sql: Sql): Promise<void> {
  const files = readdirSync(FOLDER)
    .filter((file) => /^\d{4}-.*\.sql$/.test(file))
    .sort();
  await sql.begin(async (transaction) => {
    await transaction`SELECT pg_advisory_xact_lock(${SCHEMA_LOCK}::bigint)`;
    await transaction`CREATE TABLE IF NOT EXISTS audit_migrations
      (file text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())`;
    const applied = await transaction<{ file: string }[]>`SELECT file FROM audit_migrations`;
    for (const file of files.filter((name) => !applied.some((row) => row.file === name))) {
      await transaction.unsafe(readFileSync(new URL(file, FOLDER), 'utf8'));
      await transaction`INSERT INTO audit_migrations (file) VALUES (${file})`;
    }
  });
}
