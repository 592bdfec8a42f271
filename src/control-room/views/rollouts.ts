import type { Job, JobPage } from '../../client/types.ts';
import { count, words } from '../data/format.ts';
import { goTo, linkTo, type Place } from '../data/route.ts';
import { usePages } from '../data/use-pages.ts';
import { html } from '../html.ts';
import { Heading } from '../parts/heading.ts';
import { Moment } from '../parts/moment.ts';
import { More } from '../parts/more.ts';
import { Empty } from '../parts/notice.ts';
import { StateWord } from '../parts/state-word.ts';
import { type Column, Table } from '../parts/table.ts';
import { TenantChoice } from '../parts/tenant-choice.ts';
import { stateOf } from './job-table.ts';
import { Steps, summaryOf } from './rollout-result.ts';

const COLUMNS: readonly Column<Job>[] = [
  {
    head: 'Rollout',
    isHead: true,
    cell: ({ id }) => html`<a class="id" href=${linkTo(['jobs', id])}>${id}</a>`,
  },
  { head: 'Type', cell: ({ name }) => words(name) },
  { head: 'State', cell: (job) => html`<${StateWord} word=${summaryOf(job)?.status ?? stateOf(job)} />` },
  { head: 'Progress', cell: (job) => html`<${Steps} job=${job} />` },
  { head: 'Updated', isNumber: true, cell: (job) => count(summaryOf(job)?.updated) },
  { head: 'Unchanged', isNumber: true, cell: (job) => count(summaryOf(job)?.unchanged) },
  { head: 'Failed', isNumber: true, cell: (job) => count(summaryOf(job)?.failed) },
  { head: 'Conflicts', isNumber: true, cell: (job) => count(summaryOf(job)?.conflictsResolved) },
  { head: 'Accepted', cell: ({ acceptedAt }) => html`<${Moment} at=${acceptedAt} />` },
];

/** Rollouts, rollbacks and deployments of a tenant, the newest first. */
export function RolloutsView({ place }: { readonly place: Place }) {
  const tenant = place.query.get('tenant') ?? '';
  return html`<${Heading} title="Rollouts" />
    <div class="filters"><${TenantChoice} value=${tenant} onChange=${(id: string) => goTo(['rollouts'], { tenant: id })} /></div>
    ${tenant === '' ? html`<${Empty}>Choose a tenant.<//>` : html`<${List} key=${tenant} tenant=${tenant} />`}`;
}

function List({ tenant }: { readonly tenant: string }) {
  const query = { tenant, kind: 'config-rollout', limit: JOBS_OF_A_PAGE };
  const pages = usePages<JobPage>('v1/jobs', query, { isEnough: (page) => rolloutsIn(page).length > 0 });
  const jobs = pages.pages.flatMap(rolloutsIn);
  return html`
    <div class="buttons"><button type="button" class="small" onClick=${pages.reload}>Refresh</button></div>
    ${jobs.length > 0 && html`<${Table} caption="Rollouts, the newest first" columns=${COLUMNS} rows=${jobs} keyOf=${({ id }: Job) => id} />`}
    ${jobs.length === 0 && !pages.isLoading && !pages.error && html`<${Empty}>${tenant} has no rollout${pages.hasMore ? ' among its newest jobs' : ''}.<//>`}
    <${More} of=${pages} />`;
}

/** Its steps are jobs too; the page of a rollout has their progress. */
function rolloutsIn({ jobs }: JobPage): Job[] {
  return jobs.filter(({ name }) => !STEPS.has(name));
}

/** A tenant has many more messages than rollouts, and a page looks at the jobs of all kinds. */
const JOBS_OF_A_PAGE = '1000';

const STEPS: ReadonlySet<string> = new Set(['organization', 'messenger', 'replication', 'audit-read-back']);
