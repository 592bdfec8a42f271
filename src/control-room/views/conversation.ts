import type { ConversationAnswer, LaneJob } from '../data/answers.ts';
import { count } from '../data/format.ts';
import { linkTo, type Place } from '../data/route.ts';
import { usePages } from '../data/use-pages.ts';
import { html } from '../html.ts';
import { BulkButton } from '../parts/bulk-button.ts';
import { Heading } from '../parts/heading.ts';
import { Moment } from '../parts/moment.ts';
import { More } from '../parts/more.ts';
import { Empty } from '../parts/notice.ts';
import { StateWord } from '../parts/state-word.ts';
import { type Column, Table } from '../parts/table.ts';
import { stateOf } from './job-table.ts';

const COLUMNS: readonly Column<LaneJob>[] = [
  { head: 'No.', isNumber: true, cell: ({ sequence }) => count(sequence) },
  { head: 'Job', isHead: true, cell: ({ id }) => html`<a class="id" href=${linkTo(['jobs', id])}>${id}</a>` },
  { head: 'Kind', cell: ({ name }) => name },
  { head: 'State', cell: (job) => html`<${StateWord} word=${stateOf(job)} />` },
  { head: 'Accepted', cell: ({ acceptedAt }) => html`<${Moment} at=${acceptedAt} />` },
  {
    head: 'Why',
    cell: ({ waiting }) =>
      html`<span class="prose">${waiting.sentence} ${waiting.until && html`Until <${Moment} at=${waiting.until} />.`}</span>`,
  },
];

export interface ConversationViewProps {
  readonly id: string;
  readonly place: Place;
}

/** The jobs of a conversation in the order in which they are sent. */
export function ConversationView({ id, place }: ConversationViewProps) {
  const tenant = place.query.get('tenant') ?? '';
  const pages = usePages<ConversationAnswer>(`v1/conversations/${encodeURIComponent(id)}`, { tenant });
  const jobs = pages.pages.flatMap((page) => page.jobs);
  const waiting = pages.pages.at(-1)?.jobsWaiting ?? 0;
  const what = `jobs of conversation ${id}`;
  return html`<${Heading} title=${`Conversation ${id}`} />
    <p>Tenant <a href=${linkTo(['tenants', tenant])}>${tenant}</a>. Jobs that wait: ${count(waiting)}.</p>
    <div class="buttons">
      <button type="button" class="small" onClick=${pages.reload}>Refresh</button>
      <${BulkButton} act=${{ verb: 'cancel', filter: { tenant, conversation: id }, what: `waiting ${what}` }} onDone=${pages.reload}>Cancel what waits<//>
      <${BulkButton} act=${{ verb: 'retry', filter: { tenant, conversation: id }, what: `dead ${what}` }} onDone=${pages.reload}>Redrive dead letters<//>
    </div>
    ${jobs.length > 0 && html`<${Table} caption="The jobs of the conversation, in order" columns=${COLUMNS} rows=${jobs} keyOf=${(job: LaneJob) => job.id} />`}
    ${jobs.length === 0 && !pages.isLoading && !pages.error && html`<${Empty}>Redis has no job of this conversation.<//>`}
    <${More} of=${pages} />`;
}
