import { z } from 'zod';
import { isJobKind } from '../../jobs/catalog.ts';
import type { JobFilter } from '../../queues/job-list.ts';
import { ProblemError } from '../problem.ts';
import { onlyTenantOf } from '../scoped-tenants.ts';
import { filterFields } from './job-schemas.ts';
import type { Call } from './route.ts';

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
