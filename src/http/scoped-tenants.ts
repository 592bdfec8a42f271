import type { ApiKey } from '../access/api-key.ts';
import { CodedError } from '../core/errors.ts';
import type { TenantRegistry } from '../tenants/registry.ts';

/**
 * The tenants that a key may use. A tenant of another key is unknown here, so that every answer about
 * it is that about an unknown one.
 */
export function tenantsOf(key: Pick<ApiKey, 'tenants'>, all: TenantRegistry): TenantRegistry {
  if (key.tenants === 'all') return all;
  const own = new Set(key.tenants);
  return {
    ...all,
    get(tenantId) {
      if (own.has(tenantId)) return all.get(tenantId);
      throw new CodedError('TENANT_UNKNOWN', 'there is no such tenant');
    },
    has: (tenantId) => own.has(tenantId) && all.has(tenantId),
    ids: () => all.ids().filter((tenantId) => own.has(tenantId)),
  };
}

/** The tenant that jobs belong to when they name no tenant: that of a key with one tenant. */
export function onlyTenantOf({ tenants }: Pick<ApiKey, 'tenants'>): string | undefined {
  return tenants !== 'all' && tenants.length === 1 ? tenants[0] : undefined;
}
