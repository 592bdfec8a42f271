import type { AuditLogRecord } from './audit-log.ts';

/** A record as an answer has it. Without `expand=user` a user has no name. */
export function shownRecord(record: AuditLogRecord, isUserExpanded: boolean): object {
  const { user } = record as { user?: unknown };
  if (isUserExpanded || typeof user !== 'object' || user === null) return record;
  const { id, selfUri } = user as { id?: unknown; selfUri?: unknown };
  return { ...record, user: { id, ...(selfUri !== undefined && { selfUri }) } };
}

/** Whether `expand` has a name. */
export function expands({ expand = '' }: Readonly<Record<string, string>>, name: string): boolean {
  return expand.split(',').includes(name);
}
