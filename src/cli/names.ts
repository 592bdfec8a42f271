import { OperatorError } from '../core/errors.ts';
import { isJobKind, JOB_KINDS, type JobKind } from '../jobs/catalog.ts';

/** @throws {OperatorError} without the given value and other tenants. */
export function requireTenant(tenants: { has(tenantId: string): boolean }, tenantId: string): void {
  if (!tenants.has(tenantId)) throw unknownTenant();
}

export function unknownTenant(): OperatorError {
  return new OperatorError('There is no such tenant in TENANTS_FILE.', 'not-found');
}

/** @throws {OperatorError} naming the queues. */
export function queueNamed(name: string): JobKind {
  if (isJobKind(name)) return name;
  throw new OperatorError(`There is no such queue. The queues are: ${JOB_KINDS.join(', ')}.`, 'usage');
}
