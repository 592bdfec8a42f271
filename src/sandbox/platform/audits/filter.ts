import { z } from 'zod';
import type { AuditLogRecord } from './audit-log.ts';

/** The properties that a query can filter by. */
export const filterProperties = [
  'UserId',
  'TrusteeOrganizationId',
  'ClientId',
  'Action',
  'EntityType',
  'EntityId',
] as const;

type FilterProperty = (typeof filterProperties)[number];

/** The body of a query of either kind (`AuditQueryRequest`). */
export const auditFilterShape = {
  interval: z.string(),
  serviceName: z.string().nullish(),
  filters: z.array(z.strictObject({ property: z.enum(filterProperties), value: z.string() })).nullish(),
  sort: z
    .array(z.strictObject({ name: z.literal('Timestamp'), sortOrder: z.enum(['ascending', 'descending']) }))
    .nullish(),
};

/** What a query asks for. */
export type AuditFilter = z.output<z.ZodObject<typeof auditFilterShape>>;

/** A span of time: the start belongs to it, and the end does not. */
export interface Interval {
  readonly startMs: number;
  readonly endMs: number;
}

/** Reads `<ISO time>/<ISO time>`. Undefined for anything else, and for a start after the end. */
export function intervalOf(text: string): Interval | undefined {
  const parts = text.split('/');
  const [startMs, endMs] = parts.map(timeOf);
  if (parts.length !== 2 || startMs === undefined || endMs === undefined) return undefined;
  return startMs < endMs ? { startMs, endMs } : undefined;
}

/** The records that a query finds, in its order. The values of one property are alternatives. */
export function recordsFor(records: readonly AuditLogRecord[], filter: AuditFilter): AuditLogRecord[] {
  const interval = intervalOf(filter.interval);
  const valuesByProperty = Map.groupBy(filter.filters ?? [], ({ property }) => property);
  const found = records.filter((record) => {
    const atMs = Date.parse(record.eventDate);
    if (interval === undefined || atMs < interval.startMs || atMs >= interval.endMs) return false;
    if (filter.serviceName && record['serviceName'] !== filter.serviceName) return false;
    return [...valuesByProperty].every(([property, filters]) =>
      filters.some(({ value }) => propertyOf(record, property) === value),
    );
  });
  const direction = filter.sort?.[0]?.sortOrder === 'descending' ? -1 : 1;
  return found.sort((a, b) => direction * (Date.parse(a.eventDate) - Date.parse(b.eventDate)));
}

function propertyOf(record: AuditLogRecord, property: FilterProperty): unknown {
  switch (property) {
    case 'UserId':
      return idOf(record['user']);
    case 'ClientId':
      return idOf(record['client']);
    case 'EntityId':
      return idOf(record['entity']);
    case 'Action':
      return record['action'];
    case 'EntityType':
      return record['entityType'];
    case 'TrusteeOrganizationId':
      return record['userHomeOrgId'];
  }
}

function idOf(reference: unknown): unknown {
  return typeof reference === 'object' && reference !== null && 'id' in reference ? reference.id : undefined;
}

/** A time without an offset is in UTC. */
function timeOf(text: string): number | undefined {
  if (z.iso.datetime({ offset: true }).safeParse(text).success) return Date.parse(text);
  return z.iso.datetime({ local: true }).safeParse(text).success ? Date.parse(`${text}Z`) : undefined;
}
