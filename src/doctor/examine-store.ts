import { examineStore, type StoreExamination } from '../audit/examine-store.ts';
import type { Environment } from '../config/environment.ts';
import type { Config } from '../config/settings.ts';
import { readKeys } from '../seal/payload-key.ts';
import { type Finding, failed, ok, warning } from './finding.ts';

/** Space on the disk of a SQLite file, bytes. */
const TIGHT_BYTES = 5e9;
const FULL_BYTES = 500e6;

const ABOUT = 'audit store';

/** The audit store and its disk. */
export async function examineAuditStore(
  { auditDatabaseUrl, auditKeys = [] }: Pick<Config, 'auditDatabaseUrl' | 'auditKeys'>,
  environment: Environment,
): Promise<Finding[]> {
  const keys = readKeys('AUDIT_KEYS', auditKeys, environment);
  const store = await examineStore(auditDatabaseUrl, keys);
  const found = store.isMade ? store.place : `${store.place}, without tables: the first worker makes them`;
  return [ok(ABOUT, 'database', found), diskOf(store)];
}

function diskOf({ bytes, freeBytes }: StoreExamination): Finding {
  const used = `${gigabytes(bytes)} used`;
  if (freeBytes === null)
    return ok(ABOUT, 'disk', `${used}; PostgreSQL does not show what is left, so watch its disk`);
  const found = `${used}, ${gigabytes(freeBytes)} left`;
  const todo =
    'Give the disk more space, or set audit.retention of the tenants (docs/audit.md): on a full disk audit records wait in Redis.';
  if (freeBytes < FULL_BYTES) return failed(ABOUT, 'disk', found, todo);
  return freeBytes < TIGHT_BYTES ? warning(ABOUT, 'disk', found, todo) : ok(ABOUT, 'disk', found);
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(2)} GB`;
}
