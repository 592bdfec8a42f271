import { startDeadline } from '../core/deadline.ts';
import type { GuardedTransports } from '../outbound/guarded-transports.ts';
import { isTargetRefused } from '../outbound/target.ts';
import { describeNetworkFailure, type Transport } from '../outbound/transport.ts';
import { addressAt } from '../tenants/hosts.ts';
import type { Tenant } from '../tenants/tenant.ts';
import type { EndpointView } from '../webhooks/records.ts';
import { aboutOf } from './examine-tenant.ts';
import { type Finding, failed, ok, warning } from './finding.ts';

/** Longest wait for the answer of a host, ms. */
const ANSWER_MS = 10_000;

/** Each host of Genesys Cloud that the jobs of a tenant need. Any answer shows that it is there. */
export async function examineHosts(tenant: Tenant, transport: Transport): Promise<Finding[]> {
  const { login, api, webmessaging } = tenant.hosts;
  const isForGuests = tenant.platform.webmessaging !== undefined && webmessaging !== undefined;
  const hosts = new Set([login, api, ...(isForGuests ? [webmessaging] : [])]);
  const todo = 'Look at region or hosts of the tenant, at the DNS, and at the proxy settings.';
  return await Promise.all(
    [...hosts].map((host) => reach(aboutOf(tenant), 'host', { url: addressAt(host, '/'), transport, todo })),
  );
}

/**
 * The receivers that the tenants file names: whether their addresses are allowed, and whether they
 * answer. A HEAD request delivers nothing.
 */
export async function examineReceivers(tenant: Tenant, transports: GuardedTransports): Promise<Finding[]> {
  const { callback, analytics, receivers } = tenant;
  const named = Object.entries({ callback: callback?.url, analytics: analytics?.url });
  const transport = transports.of(receivers);
  const todo =
    'Look at the address, and at receivers of the tenant. gwm webhooks test sends a signed event to it.';
  return await Promise.all(
    named.flatMap(([name, url]) =>
      url === undefined
        ? []
        : [reach(aboutOf(tenant), `receiver of ${name}`, { url: new URL(url), transport, todo })],
    ),
  );
}

interface Reached {
  readonly url: URL;
  readonly transport: Transport;
  readonly todo: string;
}

/** Shows the origin alone: a path may hold a secret. */
async function reach(about: string, check: string, { url, transport, todo }: Reached): Promise<Finding> {
  using deadline = startDeadline(ANSWER_MS);
  const { origin } = url;
  try {
    await transport.send(url, { method: 'HEAD', headers: {}, deadline: deadline.signal });
    return ok(about, check, `${origin} answers`);
  } catch (error) {
    if (isTargetRefused(error)) return failed(about, check, `the address ${origin} is not allowed`, todo);
    return failed(about, check, `${origin}: ${describeNetworkFailure(error, ANSWER_MS)}`, todo);
  }
}

/** The endpoints of a tenant that workers called lately. */
export function endpointFindings(tenant: Tenant, views: readonly EndpointView[]): Finding[] {
  const about = aboutOf(tenant);
  const inTrouble = views.filter(({ state }) => state !== 'well');
  if (inTrouble.length === 0)
    return [ok(about, 'endpoints', `${views.length} were called lately, and are well`)];
  return inTrouble.map(({ endpointId, url, state, failures }) => {
    const check = `endpoint ${endpointId}`;
    const place = new URL(url).origin;
    if (state === 'disabled') {
      const todo = `Ask the owner of the receiver. Then run gwm webhooks enable ${endpointId}.`;
      return failed(about, check, `${place} is disabled`, todo);
    }
    const todo = 'Ask the owner of the receiver. gwm webhooks list has the last attempts.';
    return warning(about, check, `${place} is ${state}, ${failures} failures in a row`, todo);
  });
}
