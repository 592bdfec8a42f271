import type { TargetRules } from '../outbound/target.ts';
import type { Tenant } from './tenant.ts';

/**
 * Where workers may upload files of a tenant: public addresses by https, and the hosts that an
 * operator has written in the tenants file. Genesys Cloud gives the address of an upload, so
 * `receivers` of the tenant do not count.
 */
export function uploadRules({
  hosts,
  allowInsecureHttp,
}: Pick<Tenant, 'hosts' | 'allowInsecureHttp'>): TargetRules {
  const own = Object.values(hosts).map((address: string) => new URL(address));
  const ports = own.map(({ port, protocol }) => Number(port || (protocol === 'http:' ? 80 : 443)));
  return {
    allowHttp: allowInsecureHttp,
    ports: ports.map((port) => ({ from: port, to: port })),
    allowHosts: own.map(({ hostname }) => hostname.replace(/^\[|\]$/g, '')),
  };
}
