import { z } from 'zod';
import { listOf, textOf } from '../../core/shapes.ts';
import { refusal } from '../answers/refusals.ts';
import { DEFAULT_PAGE_SIZE, pageOf, pageSizeSchema } from '../input/paging.ts';
import { parseInput } from '../input/problems.ts';
import type { OperationState } from '../operation.ts';
import type { OperationHandler } from '../requests/arrival.ts';

// Fields: docs/guides.md#query-audit-records
const momentSchema = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

const querySchema = z.object({
  query: z.object({
    actions: listOf(textOf({ min: 1 }), { min: 1 }),
    organizations: z.array(textOf({ min: 1 })).optional(),
    timeRange: z.object({ start: momentSchema, end: momentSchema }).superRefine(({ start, end }, context) => {
      // An invalid time is NaN, which compares as false. Its own field has reported it already.
      if (!(start > end)) return;
      context.addIssue({ code: 'custom', path: ['end'], input: end, message: 'a time not before start' });
    }),
  }),
  pageSize: pageSizeSchema.default(DEFAULT_PAGE_SIZE),
  page: z.int().min(1).default(1),
});

/** The handler of `audit.query`. It answers one page of the visible records that match. */
export function createAuditQuery({ now, auditRecords }: OperationState): OperationHandler {
  return ({ body, correlationId }, { tenant }) => {
    const parsed = parseInput(querySchema, body ?? {});
    if (!parsed.ok) return refusal(correlationId, 'query', parsed.problems);
    const { query, pageSize, page } = parsed.value;
    const filter = {
      actions: query.actions,
      organizations: query.organizations ?? [],
      startMs: query.timeRange.start,
      endMs: query.timeRange.end,
    };
    const found = pageOf(auditRecords.visible(tenant, filter, now()), page, pageSize);
    const { entries: records, total, pageCount } = found;
    return { status: 200, body: { records, page, pageSize, pageCount, total } };
  };
}
