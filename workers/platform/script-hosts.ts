import { REGIONS } from '../../src/tenants/region.ts';
import type { Tenant } from '../../src/tenants/tenant.ts';

/** The hosts of all regions that have the script of messengers. */
const KNOWN: ReadonlySet<string> = new Set(REGIONS.map(({ domain }) => `apps.${domain}`));

/**
 * Whether the script of a tenant's messenger may come from a host: that of its region, or the one
 * that its `hosts` name. Behind a gateway the region is unknown, and the host of any region will do.
 * A tenant that allows http is one of a sandbox, whose domain is in no list.
 */
export function isScriptHost({ hosts, allowInsecureHttp }: Tenant, host: string): boolean {
  if (hosts.apps !== undefined) return host === new URL(hosts.apps).host;
  return KNOWN.has(host) || (allowInsecureHttp && host.startsWith('apps.'));
}
