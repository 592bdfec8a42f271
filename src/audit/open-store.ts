import type { Clock } from '../core/clock.ts';
import { OperatorError } from '../core/errors.ts';
import { openPostgresStore } from './postgres.ts';
import type { PostgresTimes } from './postgres-connection.ts';
import { openSqliteStore } from './sqlite.ts';
import type { AuditStore } from './store.ts';

export interface OpenStoreOptions {
  readonly clock?: Clock;
  /** Whether a SQLite file that is not there is made; by default it is. */
  readonly create?: boolean;
  /** Of SQLite: how long a write tries to get the file for itself, ms. */
  readonly patienceMs?: number;
  /** Of PostgreSQL. */
  readonly times?: PostgresTimes;
}

/**
 * The audit store at `sqlite:PATH` or `postgres://…`, its tables made or brought up to date.
 *
 * @throws {OperatorError} in plain words when the database does not answer, refuses the login, or cannot be
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
