import type { Attributes, ClientWork } from '../observe/tracing.ts';
import type { Answer } from '../outbound/answer.ts';
import type { Tenant } from '../tenants/tenant.ts';
import { correlationIdOf } from './correlation.ts';
import type { Operation } from './operation.ts';

/**
 * What the span of a request to Genesys Cloud says. It names the operation in the place of the address:
 * the path has ids that producers choose.
 */
export function requestWorkOf(
  tenant: Tenant,
  { name, method }: Pick<Operation<never, unknown>, 'name' | 'method'>,
  attempt: number | undefined,
  resends: number,
): ClientWork {
  return {
    name: `${method} ${name}`,
    attributes: {
      'http.request.method': method,
      'server.address': hostOf(tenant.hosts.api),
      'gwm.operation': name,
      'gwm.tenant.id': tenant.id,
      ...(attempt !== undefined && { 'gwm.attempt': attempt }),
      ...(resends > 0 && { 'http.request.resend_count': resends }),
    },
  };
}

/** What the answer to it adds. */
export function correlationOf({ headers }: Answer): Attributes {
  const id = correlationIdOf(headers);
  return id === undefined ? {} : { 'gwm.correlation.id': id };
}

export function loginWorkOf(tenant: Tenant): ClientWork {
  return {
    name: 'POST login',
    attributes: {
      'http.request.method': 'POST',
      'server.address': hostOf(tenant.hosts.login),
      'gwm.operation': 'login',
      'gwm.tenant.id': tenant.id,
    },
  };
}

function hostOf(address: string): string {
  return new URL(address).hostname;
}
