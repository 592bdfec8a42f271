import type { Clock } from '../core/clock.ts';
import { OperatorError } from '../core/errors.ts';
import type { ChainKeys } from './chain-keys.ts';
import { openPostgresStore } from './postgres.ts';
import type { PostgresTimes } from './postgres-connection.ts';
import { openSqliteStore } from './sqlite.ts';
import type { AuditStore } from './store.ts';

export interface OpenStoreOptions {
  readonly clock?: Clock;
  /** Keys of the chain, the one that writes first. */
  readonly keys?: ChainKeys;
  /** Creates a SQLite file that is missing; by default true. */
  readonly create?: boolean;
  /** SQLite: how long a write waits for the lock of the file, ms. */
  readonly patienceMs?: number;
  /** PostgreSQL: the time-outs. */
  readonly times?: PostgresTimes;
}

/**
 * Opens the audit store at `sqlite:PATH` or `postgres://…`, and creates or updates its tables.
 *
 * @throws {OperatorError} when the database does not answer, refuses the login, or cannot be
 * written.
 */
export async function openAuditStore(url: string, options: OpenStoreOptions = {}): Promise<AuditStore> {
  if (/^postgres(ql)?:\/\//.test(url)) return await openPostgresStore(url, options);
  const path = /^sqlite:(.+)$/.exec(url)?.[1];
  if (path !== undefined) return await openSqliteStore(path, options);
  throw new OperatorError(
    'AUDIT_DATABASE_URL: wanted sqlite:PATH or postgres://user:password@host:5432/name.',
  );
}
