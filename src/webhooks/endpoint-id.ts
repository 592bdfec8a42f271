import { createHash } from 'node:crypto';

/** Ids that a process keeps: a worker asks several times for each callback. */
const KEPT = 1000;
const known = new Map<string, Endpoint>();

/** A receiver address of a tenant. */
export interface Endpoint {
  readonly id: string;
  /** The address without query and fragment. A query may hold values of a single job. */
  readonly url: string;
}

/** The endpoint of an address. */
export function endpointOf(tenantId: string, url: string): Endpoint {
  const name = `${tenantId} ${url}`;
  const kept = known.get(name);
  if (kept) return kept;
  // The address may differ in each job.
  if (known.size >= KEPT) known.clear();
  const endpoint = { id: idOf(tenantId, endpointUrlOf(url)), url: endpointUrlOf(url) };
  known.set(name, endpoint);
  return endpoint;
}

export function endpointUrlOf(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

/** The id of an endpoint, made from the tenant and the address. */
export function endpointIdOf(tenantId: string, url: string): string {
  return endpointOf(tenantId, url).id;
}

function idOf(tenantId: string, url: string): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([tenantId, url]))
    .digest('hex');
  return `ep-${digest.slice(0, 20)}`;
}
