import { randomUUID } from 'node:crypto';
import { perTenant } from '../per-tenant.ts';

/** The client that changed something, and the time. */
export interface Authorship {
  readonly clientId: string;
  readonly atMs: number;
}

/** The kinds of change, under the names that audit records give them. */
export type AuditAction =
  | 'webchat:configuration:update'
  | 'webmessaging:deployment:create'
  | 'webmessaging:deployment:update';

/** One accepted change. */
export interface AuditedChange {
  action: AuditAction;
  /** Null for a change that belongs to no organization. */
  organizationId: string | null;
  entityType: string;
  entityId: string;
  /** The new version. Absent for an entity without versions. */
  version?: number;
}

/** An audit record. Only its time stamp is certain: a test may add a record of any shape. */
export type AuditRecord = Readonly<Record<string, unknown>> & { readonly timestamp: string };

/** Selects audit records. */
export interface AuditFilter {
  actions: readonly string[];
  /** An empty list selects all records, also those that belong to no organization. */
  organizations: readonly string[];
  /** Inclusive. */
  startMs: number;
  /** Exclusive. */
  endMs: number;
}

/** The audit records of all tenants. A record becomes visible some time after its time stamp. */
export interface AuditRecords {
  /** Adds the record of a change. */
  note(tenant: string, change: AuditedChange, authorship: Authorship): void;
  /** Adds a record unchanged. */
  add(tenant: string, record: AuditRecord): void;
  /** Sets the delay of all records, old and new. It is 0 at first. */
  setDelay(tenant: string, delayMs: number): void;
  /** All records, visible or not, by time stamp. Equal time stamps keep the order of arrival. */
  all(tenant: string): AuditRecord[];
  /** The visible records that match, in the same order. */
  visible(tenant: string, filter: AuditFilter, nowMs: number): AuditRecord[];
}

interface Entry {
  readonly record: AuditRecord;
  readonly atMs: number;
}

export function createAuditRecords(): AuditRecords {
  const entriesOf = perTenant((): Entry[] => []);
  const settingsOf = perTenant(() => ({ delayMs: 0 }));

  function add(tenant: string, record: AuditRecord): void {
    const entries = entriesOf(tenant);
    const atMs = Date.parse(record.timestamp);
    const before = entries.findLastIndex((entry) => entry.atMs <= atMs);
    entries.splice(before + 1, 0, { record, atMs });
  }

  return {
    add,
    note(tenant, change, { clientId, atMs }) {
      const { action, organizationId, entityType, entityId, version } = change;
      add(tenant, {
        id: randomUUID(),
        timestamp: new Date(atMs).toISOString(),
        action,
        organizationId,
        entityType,
        entityId,
        clientId,
        ...(version !== undefined && { version }),
        status: 'success',
      });
    },
    setDelay(tenant, delayMs) {
      settingsOf(tenant).delayMs = delayMs;
    },
    all: (tenant) => entriesOf(tenant).map(({ record }) => record),
    visible(tenant, filter, nowMs) {
      const seenUntilMs = nowMs - settingsOf(tenant).delayMs;
      return entriesOf(tenant)
        .filter((entry) => entry.atMs <= seenUntilMs && matches(entry, filter))
        .map(({ record }) => record);
    },
  };
}

function matches({ record, atMs }: Entry, filter: AuditFilter): boolean {
  const { action, organizationId } = record;
  if (atMs < filter.startMs || atMs >= filter.endMs) return false;
  if (typeof action !== 'string' || !filter.actions.includes(action)) return false;
  if (filter.organizations.length === 0) return true;
  return typeof organizationId === 'string' && filter.organizations.includes(organizationId);
}
