import type { Job } from '../../client/types.ts';
import { linkTo } from '../data/route.ts';
import { html } from '../html.ts';
import { Moment } from '../parts/moment.ts';
import { StateWord } from '../parts/state-word.ts';
import { type Column, Table } from '../parts/table.ts';

/** The word of a state for people: BullMQ calls a dead letter failed. */
export function stateOf({ state }: Pick<Job, 'state'>): string {
  return state === 'failed' ? 'dead-letter' : state;
}

const COLUMNS: readonly Column<Job>[] = [
  { head: 'Job', isHead: true, cell: ({ id }) => html`<a class="id" href=${linkTo(['jobs', id])}>${id}</a>` },
  { head: 'Kind', cell: ({ name }) => name },
  { head: 'State', cell: (job) => html`<${StateWord} word=${stateOf(job)} />` },
  { head: 'Conversation', cell: ({ lane, tenantId }) => laneLink(lane, tenantId) },
  { head: 'Accepted', cell: ({ acceptedAt }) => html`<${Moment} at=${acceptedAt} />` },
  { head: 'Attempts', isNumber: true, cell: ({ attemptsMade }) => attemptsMade },
  {
    head: 'Reason',
    cell: ({ failedReason }) => failedReason && html`<span class="prose">${failedReason}</span>`,
  },
];

export interface JobTableProps {
  readonly caption: string;
  readonly jobs: readonly Job[];
}

export function JobTable({ caption, jobs }: JobTableProps) {
  return html`<${Table} caption=${caption} columns=${COLUMNS} rows=${jobs} keyOf=${({ id }: Job) => id} />`;
}

function laneLink(lane: string | null, tenantId: string | null) {
  if (lane === null || tenantId === null) return '';
  return html`<a class="id" href=${linkTo(['conversations', lane], { tenant: tenantId })}>${lane}</a>`;
}
