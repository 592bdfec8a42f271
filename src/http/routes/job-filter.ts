import { z } from 'zod';
import { isJobKind, JOB_KINDS } from '../../jobs/catalog.ts';
import { timestamp } from '../../jobs/fields.ts';
import type { JobFilter } from '../../queues/job-list.ts';
import { JOB_STATES } from '../../queues/jobs.ts';
import { ProblemError } from '../problem.ts';
import { onlyTenantOf } from '../scoped-tenants.ts';
import type { Call } from './route.ts';

/** Which jobs, in the query of a list and in the body of an act on many. */
export const filterFields = {
  tenant: z.string().max(100).optional().describe('The tenant; that of the key by default, if it has one.'),
  conversation: z
    .string()
    .max(300)
    .optional()
    .describe('Only jobs of this conversation, or of another subject whose jobs keep their order.'),
  kind: z.enum(JOB_KINDS.filter((kind) => kind !== 'webhook-delivery')).optional(),
  state: z.enum(JOB_STATES).optional(),
  from: timestamp.optional().describe('Accepted at this time or later.'),
  to: timestamp.optional().describe('Accepted at this time or before.'),
};

const filter = z.object(filterFields);

/**
 * The filter of a call, for a tenant of its key.
 * @throws {ProblemError} RESOURCE_UNKNOWN for a tenant of another key, as for an unknown one.
 */
export function filterOf(
  { tenant, conversation, kind, state, from, to }: z.output<typeof filter>,
  call: Pick<Call<unknown, unknown, unknown>, 'key' | 'tenants'>,
  problem: (path: string, message: string) => ProblemError,
): JobFilter {
  const tenantId = tenant ?? onlyTenantOf(call.key);
  if (tenantId === undefined) throw problem('tenant', 'expected a tenant, but it is missing');
  if (!call.tenants.has(tenantId)) throw new ProblemError('RESOURCE_UNKNOWN');
  return {
    tenantId,
    lane: conversation,
    kind: kind !== undefined && isJobKind(kind) ? kind : undefined,
    state,
    from: from === undefined ? undefined : new Date(from),
    to: to === undefined ? undefined : new Date(to),
  };
}
