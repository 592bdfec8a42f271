import type { Endpoint, EndpointList } from '../../client/types.ts';
import { count } from '../data/format.ts';
import { enableEndpoint, replayMissed } from '../data/known-acts.ts';
import { goTo, linkTo, type Place } from '../data/route.ts';
import { useLoad } from '../data/use-load.ts';
import { html } from '../html.ts';
import { ActButton, ifOperator } from '../parts/act-button.ts';
import { Heading } from '../parts/heading.ts';
import { Moment } from '../parts/moment.ts';
import { Empty, Shown } from '../parts/notice.ts';
import { StateWord } from '../parts/state-word.ts';
import { type Column, Table } from '../parts/table.ts';
import { TenantChoice } from '../parts/tenant-choice.ts';

const REFRESH_MS = 5000;
/** What needs a person comes first. */
const ORDER = ['disabled', 'failing', 'paused', 'well'];

/** The receivers of callbacks that workers called lately. */
export function ReceiversView({ place }: { readonly place: Place }) {
  const tenant = place.query.get('tenant') ?? '';
  const list = useLoad<EndpointList>('v1/webhooks/endpoints', { tenant }, { everyMs: REFRESH_MS });
  return html`<${Heading} title="Receivers" />
    <div class="filters"><${TenantChoice} value=${tenant} all="All tenants" onChange=${(id: string) => goTo(['receivers'], { tenant: id })} /></div>
    <${Shown} of=${list}>${({ endpoints }: EndpointList) =>
      endpoints.length === 0
        ? html`<${Empty}>Workers have called no receiver lately.<//>`
        : html`<${ReceiverTable} endpoints=${endpoints} onDone=${list.reload} />`}<//>`;
}

export interface ReceiverTableProps {
  readonly endpoints: readonly Endpoint[];
  readonly onDone: () => void;
}

export function ReceiverTable({ endpoints, onDone }: ReceiverTableProps) {
  const columns: readonly Column<Endpoint>[] = [
    { head: 'Receiver', isHead: true, cell: ({ url }) => html`<span class="id">${url}</span>` },
    {
      head: 'Tenant',
      cell: ({ tenantId }) => html`<a href=${linkTo(['tenants', tenantId])}>${tenantId}</a>`,
    },
    { head: 'State', cell: ({ state }) => html`<${StateWord} word=${state} />` },
    {
      head: 'Why',
      cell: ({ disabledFor, failures }) =>
        disabledFor ?? (failures > 0 ? `${count(failures)} failures in a row` : ''),
    },
    {
      head: 'Since',
      cell: ({ disabledAt, failingSince }) => html`<${Moment} at=${disabledAt ?? failingSince} />`,
    },
    { head: 'Waiting', isNumber: true, cell: ({ waiting }) => count(waiting) },
    { head: 'In hand', isNumber: true, cell: ({ inHand }) => count(inHand) },
    { head: 'Last delivered', cell: ({ lastDeliveredAt }) => html`<${Moment} at=${lastDeliveredAt} />` },
    ...ifOperator<Endpoint>({ head: 'Acts', cell: (endpoint) => actsOf(endpoint, onDone) }),
  ];
  const rows = endpoints.toSorted((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
  return html`<${Table} caption="Receivers of callbacks" columns=${columns} rows=${rows} keyOf=${({ endpointId }: Endpoint) => endpointId} />`;
}

function actsOf(endpoint: Endpoint, onDone: () => void) {
  const isStopped = endpoint.state === 'disabled' || endpoint.state === 'paused';
  return html`<div class="buttons">
    ${isStopped && html`<${ActButton} act=${enableEndpoint(endpoint, onDone)}>Enable<//>`}
    <${ActButton} act=${replayMissed(endpoint, onDone)}>Replay<//>
  </div>`;
}
