import { OperatorError } from '../core/errors.ts';
import { isJobKind, JOB_KINDS, type JobKind } from '../jobs/catalog.ts';

/** @throws {OperatorError} which names neither what came nor other tenants. */
export function requireTenant(tenants: { has(tenantId: string): boolean }, tenantId: string): void {
  if (!tenants.has(tenantId))
    throw new OperatorError('There is no such tenant in TENANTS_FILE.', 'not-found');
}

/** @throws {OperatorError} naming the queues that there are. */
export function queueNamed(name: string): JobKind {
  if (isJobKind(name)) return name;
  throw new OperatorError(`There is no such queue. The queues are: ${JOB_KINDS.join(', ')}.`, 'usage');
}
