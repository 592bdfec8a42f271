import { existsSync } from 'node:fs';
import { stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { OperatorError } from '../core/errors.ts';
import type { ChainKeys } from './chain-keys.ts';
import { openAuditStore } from './open-store.ts';
import { auditPathIssue } from './path-error.ts';
import { createPool, type PostgresTimes } from './postgres-connection.ts';
import { describeOpenFailure } from './postgres-failure.ts';
import { describePostgresUrl } from './postgres-url.ts';

/** An audit store, seen without a change to it. */
export interface StoreExamination {
  /** The file or the address, without user and password. */
  readonly place: string;
  /** Whether it has its tables. The first worker makes them. */
  readonly isMade: boolean;
  /** What it takes on its disk, bytes. */
  readonly bytes: number;
  /** Space that is left on its disk, bytes; null where the database does not show it. */
  readonly freeBytes: number | null;
}

/** So that a person at a terminal does not wait for long. */
const TIMES: PostgresTimes = { connectMs: 5000, statementMs: 5000, answerMs: 8000 };

/** The table that the first migration makes. */
const TABLE = 'audit_records';

/** @throws {OperatorError} when the store cannot be used. */
export async function examineStore(url: string, keys: ChainKeys): Promise<StoreExamination> {
  const path = /^sqlite:(.+)$/.exec(url)?.[1];
  return path === undefined ? await examinePostgres(url) : await examineSqlite(url, path, keys);
}

async function examineSqlite(url: string, path: string, keys: ChainKeys): Promise<StoreExamination> {
  const issue = await auditPathIssue(url);
  if (issue !== undefined) throw new OperatorError(issue, 'unavailable');
  const isMade = existsSync(path);
  if (isMade) {
    const store = await openAuditStore(url, { create: false, keys });
    await store.tenants().finally(() => store.close());
  }
  const { bavail, bsize } = await statfs(dirname(path));
  const bytes = isMade ? (await stat(path)).size : 0;
  return { place: path, isMade, bytes, freeBytes: bavail * bsize };
}

/** PostgreSQL shows what the database takes, and not what is left. */
async function examinePostgres(url: string): Promise<StoreExamination> {
  const pool = createPool(url, TIMES);
  try {
    const [row] = await pool.ask((sql) =>
      sql.rows<{ bytes: string | number; isMade: boolean }>(
        `SELECT pg_database_size(current_database()) AS bytes, to_regclass($1) IS NOT NULL AS "isMade"`,
        [TABLE],
      ),
    );
    const { bytes = 0, isMade = false } = row ?? {};
    return { place: describePostgresUrl(url), isMade, bytes: Number(bytes), freeBytes: null };
  } catch (error) {
    throw describeOpenFailure(url, error);
  } finally {
    await pool.close();
  }
}
