import type { EndpointView } from '../webhooks/records.ts';
import type { Operator } from './operator.ts';
import { renderTable } from './output.ts';

/** The endpoints of all tenants that workers called lately. */
export async function allEndpoints({
  tenants,
  records,
}: Pick<Operator, 'tenants' | 'records'>): Promise<EndpointView[]> {
  return (await Promise.all(tenants.ids().map((tenantId) => records.endpoints(tenantId)))).flat();
}

/** Renders endpoints for people, one per row. */
export function renderEndpoints(endpoints: readonly EndpointView[]): string {
  const rows = endpoints.map((endpoint) => {
    const { endpointId, tenantId, url, state, disabledFor, failures, inHand, waiting } = endpoint;
    return [
      endpointId,
      tenantId,
      url,
      disabledFor ? `${state}: ${disabledFor}` : state,
      endpoint.disabledAt ?? endpoint.failingSince ?? '',
      failures,
      inHand,
      waiting,
      endpoint.lastDeliveredAt ?? 'never',
    ];
  });
  return renderTable(HEAD, rows);
}

const HEAD = [
  'endpoint',
  'tenant',
  'address',
  'state',
  'since',
  'failures',
  'in hand',
  'waiting',
  'last delivered',
];
