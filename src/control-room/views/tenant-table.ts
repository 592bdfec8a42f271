import { useMemo, useState } from 'preact/hooks';
import type { TenantState } from '../data/answers.ts';
import { count, milliseconds, percent, seconds, words } from '../data/format.ts';
import { linkTo } from '../data/route.ts';
import { html } from '../html.ts';
import { Moment } from '../parts/moment.ts';
import { StateWord } from '../parts/state-word.ts';
import { type Column, Table } from '../parts/table.ts';
import { BucketLevels } from './bucket-levels.ts';

/** Rows that are drawn at a time. A thousand would make each look at Redis slow to show. */
const ROWS = 50;

interface Field extends Omit<Column<TenantState>, 'sorted' | 'onSort'> {
  /** What the column sorts by: a larger value is more urgent. */
  readonly weight?: (tenant: TenantState) => number;
}

const FIELDS: readonly Field[] = [
  { head: 'Tenant', isHead: true, cell: ({ id }) => html`<a href=${linkTo(['tenants', id])}>${id}</a>` },
  { head: 'State', cell: stateCell, weight: trouble },
  {
    head: 'Waiting',
    isNumber: true,
    cell: ({ waiting }) => count(waiting),
    weight: ({ waiting }) => waiting,
  },
  {
    head: 'Could run',
    isNumber: true,
    cell: ({ runnable }) => count(runnable),
    weight: ({ runnable }) => runnable,
  },
  {
    head: 'Oldest of these',
    isNumber: true,
    cell: ({ oldestRunnableSeconds }) => seconds(oldestRunnableSeconds),
    weight: (tenant) => tenant.oldestRunnableSeconds,
  },
  {
    head: 'In flight',
    isNumber: true,
    cell: ({ inFlight }) => count(inFlight),
    weight: ({ inFlight }) => inFlight,
  },
  {
    head: 'Delivered, 1 h',
    isNumber: true,
    cell: ({ hour }) => count(hour.counts.delivered),
    weight: ({ hour }) => hour.counts.delivered,
  },
  {
    head: 'Delivery',
    isNumber: true,
    cell: ({ hour }) => percent(hour.deliveryRate),
    weight: ({ hour }) => -(hour.deliveryRate ?? 101),
  },
  {
    head: 'Success',
    isNumber: true,
    cell: ({ hour }) => percent(hour.successRate),
    weight: ({ hour }) => -(hour.successRate ?? 101),
  },
  {
    head: '429, 1 h',
    isNumber: true,
    cell: ({ hour }) => count(hour.counts.throttled),
    weight: ({ hour }) => hour.counts.throttled,
  },
  {
    head: 'p50 / p95 / p99',
    isNumber: true,
    cell: ({ hour }) => latencies(hour.latency),
    weight: ({ hour }) => hour.latency?.p95 ?? 0,
  },
  { head: 'Buckets', cell: ({ buckets }) => html`<${BucketLevels} buckets=${buckets} />` },
];

/** The tenants, those that need a person first. */
export function TenantTable({ tenants }: { readonly tenants: readonly TenantState[] }) {
  const [text, setText] = useState('');
  const [onlyTrouble, setOnlyTrouble] = useState(false);
  const [sort, setSort] = useState('State');
  const [shown, setShown] = useState(ROWS);
  const rows = useMemo(() => {
    const { weight = () => 0 } = FIELDS.find(({ head }) => head === sort) ?? {};
    const asked = tenants.filter(
      (tenant) => tenant.id.includes(text.trim()) && (!onlyTrouble || trouble(tenant) > 0),
    );
    return asked.toSorted((a, b) => weight(b) - weight(a) || (a.id < b.id ? -1 : 1));
  }, [tenants, text, onlyTrouble, sort]);
  const columns = FIELDS.map(({ weight, ...field }) => ({
    ...field,
    ...(weight && {
      sorted: field.head === sort ? ('descending' as const) : ('none' as const),
      onSort: () => setSort(field.head),
    }),
  }));
  return html`
    <div class="filters">
      <div class="field"><label for="tenant-filter">Name has</label>
        <input id="tenant-filter" type="search" value=${text} autocomplete="off" spellcheck=${false} onInput=${(event: Event) => setText((event.currentTarget as HTMLInputElement).value)} /></div>
      <label class="check"><input type="checkbox" checked=${onlyTrouble} onChange=${() => setOnlyTrouble(!onlyTrouble)} /> Only those in trouble</label>
      <p class="hint">${count(rows.length)} of ${count(tenants.length)} tenants</p>
    </div>
    <${Table} caption="Tenants" columns=${columns} rows=${rows.slice(0, shown)} keyOf=${({ id }: TenantState) => id} />
    ${rows.length > shown && html`<p><button type="button" onClick=${() => setShown(shown + ROWS)}>Show ${count(Math.min(ROWS, rows.length - shown))} more</button></p>`}`;
}

/** How much a tenant needs a person: 0 for a tenant that needs none. */
function trouble({ state, endpoints, oldestRunnableSeconds }: TenantState): number {
  const stopped = state === 'running' ? 0 : state === 'suspended' ? 4 : 3;
  return (
    stopped + (endpoints.disabled > 0 ? 2 : 0) + (endpoints.failing > 0 || oldestRunnableSeconds > 30 ? 1 : 0)
  );
}

function stateCell({ state, reason, until }: TenantState) {
  if (state === 'running') return html`<${StateWord} word=${state} />`;
  return html`<${StateWord} word=${state} /> <span class="quiet">${reason && words(reason)}${until && html`, until <${Moment} at=${until} />`}</span>`;
}

function latencies(latency: TenantState['hour']['latency']): string {
  if (!latency) return '–';
  const { p50, p95, p99 } = latency;
  const isShort = p99 < 1000;
  return isShort
    ? `${[p50, p95, p99].map(Math.round).join(' / ')} ms`
    : [p50, p95, p99].map(milliseconds).join(' / ');
}
