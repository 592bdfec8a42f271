import { randomUUID } from 'node:crypto';
import { perTenant } from '../../per-tenant.ts';
import { organizationIdOf } from '../organization/identities.ts';
import type { SettingsHolder } from '../settings.ts';

/** A record of a change (`AuditLogMessage`). A test may add one with any further fields. */
export interface AuditLogRecord extends Readonly<Record<string, unknown>> {
  readonly id: string;
  readonly eventDate: string;
}

/** Who made a change: a client of the API or a user. */
export interface Author {
  readonly clientId?: string;
  readonly user?: { readonly id: string; readonly name: string };
}

/** A change of one entity, before it becomes a record. */
export interface Change {
  readonly kind: 'configuration' | 'deployment';
  readonly action: 'create' | 'update' | 'publish' | 'delete';
  readonly entity: { readonly id: string; readonly name: string };
  readonly propertyChanges?: readonly PropertyChange[];
}

/** One changed property, with its values as texts. */
export interface PropertyChange {
  readonly property: string;
  readonly oldValues: readonly string[];
  readonly newValues: readonly string[];
}

/** The audit records of all tenants. */
export interface AuditLog {
  /** Adds the record of a change, under the names of the settings. */
  note(tenant: string, change: Change, author: Author, nowMs: number): void;
  /** Adds a record unchanged. */
  add(tenant: string, record: AuditLogRecord): void;
  /** Every record, the oldest first. */
  all(tenant: string): readonly AuditLogRecord[];
  /** The records that a query may find by now. */
  visible(tenant: string, nowMs: number): AuditLogRecord[];
}

/** A log without records. */
export function createAuditLog(settings: SettingsHolder): AuditLog {
  const recordsOf = perTenant((): AuditLogRecord[] => []);

  return {
    note(tenant, { kind, action, entity, propertyChanges = [] }, { clientId, user }, nowMs) {
      const { names } = settings.current.audits;
      recordsOf(tenant).push({
        id: randomUUID(),
        userHomeOrgId: organizationIdOf(tenant),
        ...(user !== undefined && { user }),
        ...(clientId !== undefined && { client: { id: clientId } }),
        remoteIp: ['192.0.2.10'],
        serviceName: names.service,
        level: 'USER',
        eventDate: new Date(nowMs).toISOString(),
        message: { message: `${names[action]} ${names[kind]} ${entity.name}` },
        action: names[action],
        entity: { ...entity, selfUri: `/api/v2/webdeployments/${kind}s/${entity.id}` },
        entityType: names[kind],
        status: 'SUCCESS',
        application: '',
        initiatingAction: {},
        transactionInitiator: true,
        propertyChanges,
        context: {},
      });
    },
    add(tenant, record) {
      recordsOf(tenant).push(record);
    },
    all: (tenant) => recordsOf(tenant),
    visible(tenant, nowMs) {
      const latestMs = nowMs - settings.current.audits.visibleAfterMs;
      return recordsOf(tenant).filter(({ eventDate }) => Date.parse(eventDate) <= latestMs);
    },
  };
}

/** The properties that differ between two objects. A nested value is shown as JSON. */
export function propertyChangesOf(before: object, after: object): PropertyChange[] {
  const [old, next] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  const names = new Set([...old.keys(), ...next.keys()]);
  return [...names].flatMap((property) => {
    const [oldValues, newValues] = [valuesOf(old.get(property)), valuesOf(next.get(property))];
    return oldValues.join() === newValues.join() ? [] : [{ property, oldValues, newValues }];
  });
}

function valuesOf(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  return [typeof value === 'string' ? value : JSON.stringify(value)];
}
