import { z } from 'zod';
import type { Tree } from '../../../content/json/tree.ts';
import { treeIssues } from '../../../content/json/tree-issues.ts';
import { checked } from '../../../core/checked.ts';
import { textOf } from '../../../core/shapes.ts';
import type { ScopedOperation } from '../../operation.ts';
import { genesysId, readAnswer } from '../../read-answer.ts';
import type { AuditPage, AuditQuery, AuditRecord } from './shapes.ts';

const count = z.number().int().min(0).nullable().catch(null);
const text = textOf({ max: 200 }).nullable().catch(null);

const pageShape = z.looseObject({ records: z.array(z.unknown()), total: count, pageCount: count });

const recordShape = z.looseObject({
  id: genesysId,
  timestamp: z.iso.datetime({ offset: true }),
  action: textOf({ min: 1, max: 200 }),
  organizationId: text,
  status: text,
});

/**
 * Reads one page of the audit records of some organizations (docs/guides.md#query-audit-records).
 */
export const queryAudit: ScopedOperation<AuditQuery, AuditPage> = {
  name: 'audit.query',
  method: 'POST',
  scope: 'audit:read',
  isQuery: true,
  path: () => '/api/v2/audit/records/query',
  body: ({ organizationIds, actions, from, to, page, pageSize }) => ({
    query: { actions, organizations: organizationIds, timeRange: { start: from, end: to } },
    pageSize,
    page,
  }),
  read: readPage,
};

/** @throws {CodedError} ANSWER_MALFORMED, GENESYS_UNAVAILABLE */
function readPage(answer: unknown): AuditPage {
  const reading = { name: queryAudit.name, shape: pageShape, code: 'ANSWER_MALFORMED' } as const;
  const { records: all, total, pageCount } = readAnswer(reading, answer);
  const records = all.map(readRecord).filter((record) => record !== undefined);
  return { records, unreadable: all.length - records.length, total, pageCount };
}

/** Returns undefined for an unusable record. The other records of the page must be stored. */
function readRecord(raw: unknown): AuditRecord | undefined {
  const parsed = checked(recordShape, raw);
  if (!parsed.ok) return undefined;
  const { id, timestamp, action, organizationId, status } = parsed.data;
  const others = Object.entries(parsed.data).filter(([field]) => !Object.hasOwn(recordShape.shape, field));
  const details = Object.fromEntries(others);
  if (treeIssues({ details }, 'record').length > 0) return undefined;
  return {
    id,
    timestamp: new Date(timestamp).toISOString(),
    action,
    organizationId,
    status,
    details: details as Tree,
  };
}
