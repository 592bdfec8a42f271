import { z } from 'zod';
import { OperatorError } from '../../core/errors.ts';
import { isJobKind } from '../../jobs/catalog.ts';
import type { JobFilter } from '../../queues/job-filter.ts';
import { ProblemError } from '../problem.ts';
import { onlyTenantOf } from '../scoped-tenants.ts';
import { filterFields } from './job-schemas.ts';
import type { Call } from './route.ts';

const filter = z.object(filterFields);

type Scoped = Pick<Call<unknown, unknown, unknown>, 'key' | 'tenants'>;
type Problem = (path: string, message: string) => ProblemError;

/**
 * The tenant of a call, which its key may name alone.
 * @throws {ProblemError} RESOURCE_UNKNOWN for a tenant of another key, as for an unknown one.
 */
export function tenantOf(tenant: string | undefined, { key, tenants }: Scoped, problem: Problem): string {
  const tenantId = tenant ?? onlyTenantOf(key);
  if (tenantId === undefined) throw problem('tenant', 'expected a tenant, but it is missing');
  if (!tenants.has(tenantId)) throw new ProblemError('RESOURCE_UNKNOWN');
  return tenantId;
}

/** A wrong parameter of a query. */
export function wrongParameter(path: string, message: string): ProblemError {
  return new ProblemError('PARAMETERS_INVALID', { parameters: [{ path, message }] });
}

/**
 * A page of a list.
 * @throws {ProblemError} for a cursor that no page gave.
 */
export async function pageOf<Page>(read: () => Promise<Page>): Promise<Page> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof OperatorError) || error.failure !== 'usage') throw error;
    throw wrongParameter('cursor', 'expected the cursor of a page');
  }
}

/** The address of the next page; null without one. */
export function nextOf(
  path: string,
  query: object,
  cursor: string | null,
  { link }: Pick<Call<unknown, unknown, unknown>, 'link'>,
): string | null {
  return cursor === null ? null : link(addressOf(path, { ...query, cursor }));
}

/** A path with the parameters that are given. */
export function addressOf(path: string, query: object): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  return `${path}?${new URLSearchParams(given as [string, string][]).toString()}`;
}

/**
 * The filter of a call, for a tenant of its key.
 * @throws {ProblemError} RESOURCE_UNKNOWN for a tenant of another key, as for an unknown one.
 */
export function filterOf(
  { tenant, conversation, kind, state, code, from, to }: z.output<typeof filter>,
  call: Scoped,
  problem: Problem,
): JobFilter {
  return {
    tenantId: tenantOf(tenant, call, problem),
    lane: conversation,
    kind: kind !== undefined && isJobKind(kind) ? kind : undefined,
    state,
    code,
    from: from === undefined ? undefined : new Date(from),
    to: to === undefined ? undefined : new Date(to),
  };
}
