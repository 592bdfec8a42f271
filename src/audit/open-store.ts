import type { Clock } from '../core/clock.ts';
import { CodedError, messageOf, OperatorError } from '../core/errors.ts';
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

/**
 * A store that is opened by its first use, and by the next one when that failed: who writes to it must start,
 * and do its other work, while the database is away. Until then every method rejects with
 * AUDIT_STORE_UNAVAILABLE.
 */
export function deferAuditStore(open: () => Promise<AuditStore>): AuditStore {
  let opening: Promise<AuditStore> | undefined;
  let isClosed = false;
  const opened = async (): Promise<AuditStore> => {
    if (isClosed) throw new CodedError('AUDIT_STORE_UNAVAILABLE', 'the audit store is closed');
    opening ??= open();
    const attempt = opening;
    try {
      return await attempt;
    } catch (error) {
      if (opening === attempt) opening = undefined;
      throw new CodedError('AUDIT_STORE_UNAVAILABLE', messageOf(error), { cause: error });
    }
  };
  return {
    append: async (records) => await (await opened()).append(records),
    count: async (filter) => await (await opened()).count(filter),
    async *read(selection) {
      yield* (await opened()).read(selection);
    },
    verify: async (tenantId) => await (await opened()).verify(tenantId),
    prune: async (tenantId, olderThan) => await (await opened()).prune(tenantId, olderThan),
    tenants: async () => await (await opened()).tenants(),
    async close() {
      isClosed = true;
      const store = await opening?.catch(() => undefined);
      await store?.close();
    },
  };
}
