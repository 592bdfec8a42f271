import type { TenantRegistry } from '../tenants/registry.ts';
import type { Tenant } from '../tenants/tenant.ts';

/**
 * The secrets that sign requests to a tenant's receivers: the present one and, during a rotation,
 * the previous one. The list is empty without `callback.secret`. The secrets are read at each use,
 * so a rotated file counts at once.
 *
 * @throws {CodedError} SECRET_UNREADABLE
 */
export function secretsOf({ callback }: Pick<Tenant, 'callback'>, tenants: TenantRegistry): string[] {
  const references = [callback?.secret, callback?.previousSecret];
  return references.flatMap((reference) => (reference ? [tenants.secret(reference)] : []));
}
