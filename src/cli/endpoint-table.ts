import Table from 'cli-table3';
import type { EndpointView } from '../webhooks/records.ts';
import type { Operator } from './operator.ts';

/** The endpoints of all tenants that were called lately. */
export async function allEndpoints({
  tenants,
  records,
}: Pick<Operator, 'tenants' | 'records'>): Promise<EndpointView[]> {
  return (await Promise.all(tenants.ids().map((tenantId) => records.endpoints(tenantId)))).flat();
}

/** Endpoints for people, one per row. */
export function renderEndpoints(endpoints: readonly EndpointView[]): string {
  const table = new Table({
    head: [
      'endpoint',
      'tenant',
      'address',
      'state',
      'since',
      'failures',
      'in hand',
      'waiting',
      'last delivered',
    ],
    style: { head: [], border: [] },
  });
  for (const endpoint of endpoints) {
    const { endpointId, tenantId, url, state, disabledFor, failures, inHand, waiting } = endpoint;
    table.push([
      endpointId,
      tenantId,
      url,
      disabledFor ? `${state}: ${disabledFor}` : state,
      endpoint.disabledAt ?? endpoint.failingSince ?? '',
      failures,
      inHand,
      waiting,
      endpoint.lastDeliveredAt ?? 'never',
    ]);
  }
  return table.toString();
}
