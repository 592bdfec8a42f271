import { type AuditRecord, parseRecord } from '../../../src/audit/record.ts';
import type { AuditStore } from '../../../src/audit/store.ts';
import { isRecord } from '../../../src/core/json.ts';
import type {
  PlatformAuditPage,
  PlatformAuditRecord,
} from '../../../src/genesys/dialects/platform/audits.ts';
import type { Counts } from '../../audit/counts.ts';
import type { Window } from '../../audit/window.ts';
import { isWanted, type Wanted } from './names.ts';

/** Stores the records of a page that a job asked for. @returns what the page had. */
export async function collect(
  store: Pick<AuditStore, 'append'>,
  tenantId: string,
  { records, unreadable }: PlatformAuditPage,
  { from, to }: Pick<Window, 'from' | 'to'>,
  wanted: readonly Wanted[],
): Promise<Counts> {
  const isAskedFor = (record: PlatformAuditRecord) => {
    const atMs = Date.parse(record.occurredAt);
    return atMs >= Date.parse(from) && atMs < Date.parse(to) && isWanted(record, wanted);
  };
  const asked = records.filter(isAskedFor);
  const stored = asked.flatMap((record) => storedAs(tenantId, record) ?? []);
  const { added, known } = await store.append(stored);
  return {
    read: records.length + unreadable,
    added,
    known,
    outOfRange: records.length - asked.length,
    unreadable: unreadable + asked.length - stored.length,
  };
}

/**
 * The record as the store takes it; undefined for a record that the store does not take. The values
 * of a large change are left out, and the names of its properties stay.
 */
export function storedAs(tenantId: string, record: PlatformAuditRecord): AuditRecord | undefined {
  const whole = parseRecord(recordOf(tenantId, record, record.details));
  if (whole.ok) return whole.data;
  const shorter = parseRecord(recordOf(tenantId, record, withoutValues(record.details)));
  return shorter.ok ? shorter.data : undefined;
}

function recordOf(
  tenantId: string,
  { id, occurredAt, service, entity, action, status }: PlatformAuditRecord,
  details: object,
) {
  return {
    tenantId,
    id,
    source: 'genesys',
    occurredAt,
    action: `${service}:${entity}:${action}`,
    status: status ?? 'unknown',
    details: { ...details, organizationId: tenantId },
  };
}

function withoutValues({
  propertyChanges,
  entityChanges: _ofOthers,
  ...details
}: PlatformAuditRecord['details']) {
  const changes: readonly unknown[] = Array.isArray(propertyChanges) ? propertyChanges : [];
  const properties = changes.flatMap((change) =>
    isRecord(change) && typeof change['property'] === 'string' ? [{ property: change['property'] }] : [],
  );
  return { ...details, propertyChanges: properties, isShortened: true };
}
