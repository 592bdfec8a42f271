import { CodedError, messageOf } from '../core/errors.ts';
import type { AuditStore } from './store.ts';
import { StoreGone } from './store-gone.ts';

/**
 * A store that its first use opens. The next use opens it again after a failure, or when its
 * database is gone. So a worker starts, and does its other work, while the database is away. Until
 * then every method rejects with AUDIT_STORE_UNAVAILABLE.
 *
 * @param opened a store that is open already.
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
      if (!(error instanceof StoreGone)) throw error;
      if (opening === usedOpening) {
        opening = undefined;
        await used.close().catch(() => {});
      }
      // A StoreGone would make the caller of this store close it as well.
      throw new CodedError(error.code, error.message, { cause: error });
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
    placeOf: (tenantId, sequence) => use((used) => used.placeOf(tenantId, sequence)),
    tenants: () => use((used) => used.tenants()),
    async close() {
      isClosed = true;
      const last = await opening?.catch(() => undefined);
      await last?.close();
    },
  };
}
