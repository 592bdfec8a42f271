import type { Overview } from '../data/answers.ts';
import { count, milliseconds, percent, seconds } from '../data/format.ts';
import { reloadTenants } from '../data/known-acts.ts';
import { useLiveOverview } from '../data/live-overview.ts';
import { html } from '../html.ts';
import { ActButton } from '../parts/act-button.ts';
import { type Tile, Tiles } from '../parts/facts.ts';
import { Heading } from '../parts/heading.ts';
import { Moment } from '../parts/moment.ts';
import { Empty, Shown } from '../parts/notice.ts';
import { StateWord } from '../parts/state-word.ts';
import { Charts } from './charts.ts';
import { ReceiverTable } from './receivers.ts';
import { TenantTable } from './tenant-table.ts';
import { WorkerTable } from './worker-table.ts';

/** The relay of audit records is late from here on, seconds. */
const LATE_RELAY_SECONDS = 60;
/** A job that could run, and does not, shows that workers are missing. */
const LATE_JOB_SECONDS = 30;

/** The state of the installation on one screen. */
export function OverviewView() {
  const overview = useLiveOverview();
  const { data, error } = overview;
  return html`<${Heading} title="Overview">
      ${data && html`<span class="live"><${StateWord} word=${error ? 'interrupted' : 'live'} tone=${error ? 'warn' : 'good'} /> as of <${Moment} at=${data.at} /></span>`}
      <${ActButton} scope="admin" act=${reloadTenants(() => {})}>Reload tenants<//>
    <//>
    <${Shown} of=${overview}>${(shown: Overview) => html`<${Content} overview=${shown} />`}<//>`;
}

function Content({ overview }: { readonly overview: Overview }) {
  const { tenants, endpointsInTrouble, workers } = overview;
  return html`
    <${Tiles} tiles=${tilesOf(overview)} />
    <${Charts} path="v1/series" />
    <section>
      <h2>Tenants</h2>
      ${tenants.length === 0 ? html`<${Empty}>The tenants file has no tenant for this key.<//>` : html`<${TenantTable} tenants=${tenants} />`}
    </section>
    <section>
      <h2>Receivers in trouble</h2>
      ${
        endpointsInTrouble.length === 0
          ? html`<${Empty}>All receivers that workers called lately are well.<//>`
          : html`<${ReceiverTable} endpoints=${endpointsInTrouble} onDone=${() => {}} />`
      }
    </section>
    ${
      workers &&
      html`<section>
        <h2>Workers</h2>
        ${workers.length === 0 ? html`<${Empty}>No worker is alive: jobs wait.<//>` : html`<${WorkerTable} workers=${workers} />`}
      </section>`
    }`;
}

function tilesOf({ total, tenants, workers, relay, endpointsInTrouble }: Overview): Tile[] {
  const { hour, minute } = total;
  const oldest = Math.max(0, ...tenants.map(({ oldestRunnableSeconds }) => oldestRunnableSeconds));
  const stopped = tenants.filter(({ state }) => state !== 'running').length;
  const ofInstallation: Tile[] = [
    ...(workers
      ? [{ name: 'Workers alive', value: count(workers.length), tone: toneIf(workers.length === 0, 'bad') }]
      : []),
    ...(relay
      ? [
          {
            name: 'Audit relay',
            value: `${seconds(relay.lagSeconds)} behind`,
            note: `${count(relay.waiting)} records wait`,
            tone: toneIf(relay.lagSeconds > LATE_RELAY_SECONDS),
          },
        ]
      : []),
  ];
  return [
    {
      name: 'Delivered',
      value: count(hour.counts.delivered),
      note: `in the last hour; ${count(minute.counts.delivered)} in the last minute`,
    },
    { name: 'Waiting', value: count(total.waiting), note: `${count(total.runnable)} could run now` },
    { name: 'Oldest that could run', value: seconds(oldest), tone: toneIf(oldest > LATE_JOB_SECONDS) },
    { name: 'In flight', value: count(total.inFlight), note: 'requests' },
    { name: 'Delivery rate', value: percent(hour.deliveryRate), note: 'of attempts, last hour' },
    { name: 'Success rate', value: percent(hour.successRate), note: 'of ended jobs, last hour' },
    {
      name: '429 answers',
      value: count(hour.counts.throttled),
      note: `in the last hour; ${count(minute.counts.throttled)} in the last minute`,
    },
    {
      name: 'Latency p95',
      value: milliseconds(hour.latency?.p95),
      note: `p50 ${milliseconds(hour.latency?.p50)}, p99 ${milliseconds(hour.latency?.p99)}`,
    },
    {
      name: 'Tenants stopped',
      value: count(stopped),
      note: `of ${count(tenants.length)}`,
      tone: toneIf(stopped > 0),
    },
    {
      name: 'Receivers in trouble',
      value: count(endpointsInTrouble.length),
      tone: toneIf(endpointsInTrouble.length > 0),
    },
    ...ofInstallation,
  ];
}

function toneIf(isSo: boolean, tone: 'warn' | 'bad' = 'warn'): 'warn' | 'bad' | undefined {
  return isSo ? tone : undefined;
}
