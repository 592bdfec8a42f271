import type { WorkerState } from '../data/answers.ts';
import { count, NO_VALUE } from '../data/format.ts';
import { html } from '../html.ts';
import { Moment } from '../parts/moment.ts';
import { type Column, Table } from '../parts/table.ts';

const COLUMNS: readonly Column<WorkerState>[] = [
  { head: 'Worker', isHead: true, cell: ({ name }) => html`<span class="id">${name}</span>` },
  { head: 'Version', cell: ({ version }) => version ?? NO_VALUE },
  { head: 'In hand', isNumber: true, cell: ({ inHand }) => count(inHand) },
  { head: 'Since', cell: ({ startedAt }) => html`<${Moment} at=${startedAt} />` },
  { head: 'Last heartbeat', cell: ({ beatAt }) => html`<${Moment} at=${beatAt} />` },
  {
    head: 'Queues',
    cell: ({ queues }) => html`<span class="prose">${queues?.join(', ') ?? NO_VALUE}</span>`,
  },
];

/** The worker processes that are alive. */
export function WorkerTable({ workers }: { readonly workers: readonly WorkerState[] }) {
  return html`<${Table} caption="Workers that are alive" columns=${COLUMNS} rows=${workers} keyOf=${({ name }: WorkerState) => name} />`;
}
