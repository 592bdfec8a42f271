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

/** The database is not the one that was opened: it was removed, or another one stands in its place. */
export class StoreGone extends CodedError {
  constructor(message: string) {
    super('AUDIT_STORE_UNAVAILABLE', message);
  }
}

/**
 * A store that is opened by its first use, and by the next one when that failed, or when its database is gone: who writes
 * to it must start, and do its other work, while the database is away. Until then every method rejects with
 * AUDIT_STORE_UNAVAILABLE.
 *
 * @param opened when there is one already.
 */
export function deferAuditStore(open: () => Promise<AuditStore>, opened?: AuditStore): AuditStore {
  let opening: Promise<AuditStore> | undefined = opened && Promise.resolve(opened);
  let isClosed = false;

  const store = async (): Promise<AuditStore> => {
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

  const use = async <Result>(act: (store: AuditStore) => Promise<Result>): Promise<Result> => {
    const used = await store();
    const usedOpening = opening;
    try {
      return await act(used);
    } catch (error) {
      if (error instanceof StoreGone && opening === usedOpening) {
        opening = undefined;
        await used.close().catch(() => {});
      }
      throw error;
    }
  };

  return {
    append: (records) => use((used) => used.append(records)),
    count: (filter) => use((used) => used.count(filter)),
    async *read(selection) {
      yield* (await store()).read(selection);
    },
    verify: (tenantId) => use((used) => used.verify(tenantId)),
    prune: (tenantId, olderThan) => use((used) => used.prune(tenantId, olderThan)),
    tenants: () => use((used) => used.tenants()),
    async close() {
      isClosed = true;
      const last = await opening?.catch(() => undefined);
      await last?.close();
    },
  };
}
