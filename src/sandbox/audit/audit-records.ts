import { randomUUID } from 'node:crypto';
import { perTenant } from '../per-tenant.ts';

/** Who changed something, and when. */
export interface Authorship {
  readonly clientId: string;
  readonly atMs: number;
}

/** What can be changed, as audit records name it. */
export type AuditAction =
  | 'webchat:configuration:update'
  | 'webmessaging:deployment:create'
  | 'webmessaging:deployment:update';

/** One change that was accepted. */
export interface AuditedChange {
  action: AuditAction;
  /** Null where the change belongs to no organization. */
  organizationId: string | null;
  entityType: string;
  entityId: string;
  /** The version that the change led to, of things that have versions. */
  version?: number;
}

/** An audit record; only its time stamp is certain, since tests may add records of any shape. */
export type AuditRecord = Readonly<Record<string, unknown>> & { readonly timestamp: string };

/** Which records are asked for. */
export interface AuditFilter {
  actions: readonly string[];
  /** Empty: of all organizations, and of none. */
  organizations: readonly string[];
  /** Inclusive. */
  startMs: number;
  /** Exclusive. */
  endMs: number;
}

/** The audit records of all tenants. They may be late: seen only some time after their time stamp. */
export interface AuditRecords {
  /** Makes the record of a change. */
  note(tenant: string, change: AuditedChange, authorship: Authorship): void;
  /** Adds a record as it is. */
  add(tenant: string, record: AuditRecord): void;
  /** How late records are from now on, those that are there already included; 0 at first. */
  setDelay(tenant: string, delayMs: number): void;
  /** All records, visible or not, by time stamp; those of one moment in the order in which they came. */
  all(tenant: string): AuditRecord[];
  /** Those that match and can be seen, in the same order. */
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
