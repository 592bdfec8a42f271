import { type AuditRecord, parseRecord } from '../../src/audit/record.ts';
import type { AuditStore } from '../../src/audit/store.ts';
import type { GenesysClient } from '../../src/genesys/client.ts';
import { guest } from '../../src/genesys/dialects/guest/guest.ts';
import type {
  AuditQuery,
  AuditRecord as GenesysAuditRecord,
} from '../../src/genesys/dialects/guest/shapes.ts';
import type { JobContext } from '../../src/runtime/handler.ts';
import { requestContext } from '../request-context.ts';
import type { Counts } from './counts.ts';

export interface CollectorOptions {
  readonly genesys: GenesysClient;
  readonly store: Pick<AuditStore, 'append'>;
}

/** One page of a query, after its records are in the store. */
export interface CollectedPage extends Counts {
  /** The records that the query asked for. */
  readonly records: readonly GenesysAuditRecord[];
  /** Number of records of the whole query, by the answer; null when it does not say. */
  readonly total: number | null;
  readonly isLast: boolean;
  /** When Genesys Cloud answered, by its clock; null when the answer does not say. */
  readonly answeredAt: string | null;
}

export type CollectPage = (
  job: Pick<JobContext<unknown>, 'jobId' | 'tenant' | 'attempt' | 'signal' | 'requests'>,
  query: AuditQuery,
) => Promise<CollectedPage>;

/**
 * Reads Genesys Cloud's own audit records (docs/guides.md#query-audit-records) into the audit
 * store, a page at a time.
 */
export function createCollector({ genesys, store }: CollectorOptions): CollectPage {
  return async function collectPage(job, query) {
    const { tenant } = job;
    let answeredAt: string | null = null;
    const noteTime = (ms: number) => {
      answeredAt = new Date(ms).toISOString();
    };
    const answer = await genesys.call(tenant, guest.queryAudit, query, { ...requestContext(job), noteTime });
    const records = answer.records.filter((record) => isAskedFor(record, query));
    const stored = records.flatMap((record) => storedAs(tenant.id, record));
    const { added, known } = await store.append(stored);
    const { total, pageCount } = answer;
    const read = answer.records.length + answer.unreadable;
    return {
      records,
      read,
      added,
      known,
      outOfRange: answer.records.length - records.length,
      unreadable: answer.unreadable + records.length - stored.length,
      total,
      answeredAt,
      // An answer without a number of pages may have fewer records than the query asked for.
      isLast: pageCount === null ? read === 0 : query.page >= pageCount,
    };
  };
}

function isAskedFor({ timestamp, action, organizationId }: GenesysAuditRecord, query: AuditQuery): boolean {
  const atMs = Date.parse(timestamp);
  const isInTime = atMs >= Date.parse(query.from) && atMs < Date.parse(query.to);
  const isHere = organizationId === null || query.organizationIds.includes(organizationId);
  return isInTime && isHere && query.actions.includes(action);
}

/** The record as the store takes it; empty for a record that the store does not take. */
function storedAs(tenantId: string, record: GenesysAuditRecord): AuditRecord[] {
  const { id, timestamp, action, organizationId, status, details } = record;
  const parsed = parseRecord({
    tenantId,
    id,
    source: 'genesys',
    occurredAt: new Date(timestamp).toISOString(),
    action,
    status: status ?? 'unknown',
    details: { ...details, organizationId },
  });
  return parsed.ok ? [parsed.data] : [];
}
