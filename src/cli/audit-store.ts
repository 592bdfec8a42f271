import type { AuditStore } from '../audit/store.ts';
import { readEnvironment } from '../config/environment.ts';
import { loadConfig } from '../config/load.ts';
import { messageOf, OperatorError } from '../core/errors.ts';
import { readKeys } from '../seal/payload-key.ts';
import { reaching } from './reach.ts';

/**
 * Opens the audit store for `act`, and closes it afterwards. The store must exist.
 * @throws {OperatorError}
 */
export async function withAuditStore<Result>(act: (store: AuditStore) => Promise<Result>): Promise<Result> {
  const environment = readEnvironment();
  const { auditDatabaseUrl, auditKeys = [] } = loadConfig(environment);
  const keys = readKeys('AUDIT_KEYS', auditKeys, environment);
  // The drivers of databases load with the first command that needs them.
  const { openAuditStore } = await import('../audit/open-store.ts');
  const store = await reaching(openAuditStore(auditDatabaseUrl, { create: false, keys }));
  try {
    return await act(store);
  } catch (error) {
    const { code } = error as { readonly code?: unknown };
    if (code === 'AUDIT_KEY_MISSING') throw new OperatorError(`${messageOf(error)}.`, 'settings');
    if (code !== 'AUDIT_STORE_UNAVAILABLE') throw error;
    throw new OperatorError(`${messageOf(error)}.`, 'unavailable');
  } finally {
    await store.close();
  }
}

/** @throws {OperatorError} when the store has no records of the tenant. */
export async function requireAudited(store: AuditStore, tenantId: string): Promise<void> {
  const tenants = await store.tenants();
  if (tenants.includes(tenantId)) return;
  const about = tenants.length === 0 ? 'has no records' : 'has no records of this tenant';
  throw new OperatorError(`The audit store ${about}.`, 'not-found');
}
