import type { EndpointList, Tenant } from '../../client/types.ts';
import { count, milliseconds, percent, seconds } from '../data/format.ts';
import { pauseTenant, resumeTenant } from '../data/known-acts.ts';
import { linkTo } from '../data/route.ts';
import { useLoad } from '../data/use-load.ts';
import { html } from '../html.ts';
import { ActButton } from '../parts/act-button.ts';
import { Facts } from '../parts/facts.ts';
import { Heading } from '../parts/heading.ts';
import { Moment } from '../parts/moment.ts';
import { Empty, Shown } from '../parts/notice.ts';
import { StateWord } from '../parts/state-word.ts';
import { type Column, Table } from '../parts/table.ts';
import { Charts } from './charts.ts';
import { KindTable } from './kind-table.ts';
import { ReceiverTable } from './receivers.ts';

const REFRESH_MS = 5000;

type Bucket = Tenant['buckets']['messages'] & { readonly name: string };

/** One tenant: its buckets, what its kinds of jobs did, its receivers, and its acts. */
export function TenantView({ id }: { readonly id: string }) {
  const tenant = useLoad<Tenant>(`v1/tenants/${encodeURIComponent(id)}`, {}, { everyMs: REFRESH_MS });
  const endpoints = useLoad<EndpointList>('v1/webhooks/endpoints', { tenant: id }, { everyMs: REFRESH_MS });
  return html`<${Heading} title=${`Tenant ${id}`}>
      <div class="buttons">
        <${ActButton} act=${pauseTenant(id, tenant.reload)}>Pause<//>
        <${ActButton} act=${resumeTenant(id, tenant.reload)}>Resume<//>
      </div>
    <//>
    <nav class="links" aria-label="Of this tenant">
      <a href=${linkTo(['search'], { tenant: id })}>Search</a> <a href=${linkTo(['jobs'], { tenant: id })}>Jobs</a>
      <a href=${linkTo(['dead-letters'], { tenant: id })}>Dead letters</a> <a href=${linkTo(['rollouts'], { tenant: id })}>Rollouts</a>
    </nav>
    <${Shown} of=${tenant}>${(shown: Tenant) => html`<${Details} tenant=${shown} />`}<//>
    <${Charts} path=${`v1/tenants/${encodeURIComponent(id)}/series`} />
    <section>
      <h2>Receivers</h2>
      <${Shown} of=${endpoints}>${(list: EndpointList) =>
        list.endpoints.length === 0
          ? html`<${Empty}>Workers have called no receiver lately.<//>`
          : html`<${ReceiverTable} endpoints=${list.endpoints} onDone=${endpoints.reload} />`}<//>
    </section>`;
}

const BUCKETS: readonly Column<Bucket>[] = [
  { head: 'Bucket', isHead: true, cell: ({ name }) => name },
  { head: 'State', cell: bucketState },
  {
    head: 'Level',
    isNumber: true,
    cell: ({ level, burst }) => `${count(Math.floor(level))} of ${count(burst)}`,
  },
  { head: 'Per second', isNumber: true, cell: ({ ratePerSecond }) => count(ratePerSecond) },
  {
    head: 'In flight',
    isNumber: true,
    cell: ({ lanesBusy, inFlightLimit }) => `${count(lanesBusy)} of ${count(inFlightLimit)}`,
  },
  {
    head: 'Conversations that wait',
    isNumber: true,
    cell: ({ lanesWaiting, lanesReserved }) => count(lanesWaiting + lanesReserved),
  },
  { head: 'The last may send in', isNumber: true, cell: ({ lastWaitMs }) => seconds(lastWaitMs / 1000) },
  { head: 'Failures in a row', isNumber: true, cell: ({ failures }) => count(failures) },
];

function bucketState({ pausedUntil, pausedFor }: Bucket) {
  if (pausedUntil === null) return html`<${StateWord} word="sending" />`;
  return html`<${StateWord} word="paused" /> <span class="quiet prose">${pausedFor}, until <${Moment} at=${pausedUntil} /></span>`;
}

function Details({ tenant }: { readonly tenant: Tenant }) {
  const { buckets, dialect, hosts, onFailure, maxAgeMs, windows } = tenant;
  const rows = Object.entries(buckets).map(([name, bucket]) => ({ name, ...bucket }));
  return html`
    <${Facts} facts=${[
      ['Dialect', dialect],
      ['API', hosts.api],
      ['After a dead letter', onFailure === 'halt' ? 'its conversation stops' : 'its conversation goes on'],
      ['Longest age', maxAgeMs === null ? 'no limit' : seconds(maxAgeMs / 1000)],
      ['Delivered, 24 h', count(windows.day.counts.delivered)],
      ['Success rate, 24 h', percent(windows.day.successRate)],
      ['From acceptance to delivery, p95, 1 h', milliseconds(windows.hour.jobLatency?.p95)],
    ]} />
    <section>
      <h2>Buckets</h2>
      <${Table} caption="Buckets of the tenant" columns=${BUCKETS} rows=${rows} keyOf=${({ name }: Bucket) => name} />
    </section>
    <${KindTable} tenant=${tenant} />`;
}
