import type { TenantRegistry } from '../tenants/registry.ts';
import type { Tenant } from '../tenants/tenant.ts';

/**
 * The secrets that sign what goes to a tenant: its own and, while receivers go over, the previous one; none without
 * `callback.secret`. Read at each use, so that a file that was rotated counts at once.
 *
 * @throws {CodedError} SECRET_UNREADABLE
 */
export function secretsOf({ callback }: Pick<Tenant, 'callback'>, tenants: TenantRegistry): string[] {
  const references = [callback?.secret, callback?.previousSecret];
  return references.flatMap((reference) => (reference ? [tenants.secret(reference)] : []));
}
