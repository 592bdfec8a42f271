import type { BulkInput, JobPage } from '../../client/types.ts';
import { goTo, type Place } from '../data/route.ts';
import { usePages } from '../data/use-pages.ts';
import { html } from '../html.ts';
import { BulkButton } from '../parts/bulk-button.ts';
import { Heading } from '../parts/heading.ts';
import { More } from '../parts/more.ts';
import { Empty } from '../parts/notice.ts';
import { TenantChoice } from '../parts/tenant-choice.ts';
import { JobTable } from './job-table.ts';

const KINDS = ['message-transmission', 'card-delivery', 'config-rollout', 'embed-generation', 'audit-sync'];
const STATES = ['waiting', 'active', 'delayed', 'waiting-children', 'completed', 'failed'];
const FIELDS = ['tenant', 'kind', 'state', 'code', 'conversation', 'from', 'to'] as const;

/** States of jobs that may wait; a dead letter waits for an operator while it halts its conversation. */
const MAY_WAIT: ReadonlySet<string | undefined> = new Set([
  undefined,
  ...STATES.filter((state) => !/^(active|completed)$/.test(state)),
]);

type Filter = Readonly<Partial<Record<(typeof FIELDS)[number], string>>>;

/** Jobs of a tenant by a filter, and acts on all that it means. */
export function JobsView({ place }: { readonly place: Place }) {
  const filter: Filter = Object.fromEntries(
    FIELDS.flatMap((name) => {
      const value = place.query.get(name);
      return value === null || value === '' ? [] : [[name, value]];
    }),
  );
  const change = (changed: Filter) => goTo(['jobs'], { ...filter, ...changed });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement);
    change(
      Object.fromEntries(
        FIELDS.filter((name) => given.has(name)).map((name) => [name, String(given.get(name)).trim()]),
      ),
    );
  };
  return html`<${Heading} title="Jobs" />
    <form class="filters" onSubmit=${submit}>
      <${TenantChoice} value=${filter.tenant ?? ''} onChange=${(tenant: string) => change({ tenant })} />
      <${Choice} name="kind" label="Kind" value=${filter.kind} choices=${KINDS} />
      <${Choice} name="state" label="State" value=${filter.state} choices=${STATES} />
      <${Text} name="code" label="Code of the last failure" value=${filter.code} hint="Such as JOB_INVALID." />
      <${Text} name="from" label="Accepted since" value=${filter.from} hint="In UTC: 2026-03-01T09:30:00Z." />
      <${Text} name="to" label="Accepted until" value=${filter.to} />
      <button type="submit" class="main">Show</button>
    </form>
    ${
      filter.tenant === undefined
        ? html`<${Empty}>Choose a tenant.<//>`
        : html`<${List} key=${JSON.stringify(filter)} filter=${filter} />`
    }`;
}

function List({ filter }: { readonly filter: Filter }) {
  const pages = usePages<JobPage>('v1/jobs', filter, { isEnough: (page) => page.jobs.length > 0 });
  const jobs = pages.pages.flatMap((page) => page.jobs);
  const { state, tenant, ...rest } = filter;
  const words = Object.entries(rest)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
  const what = `jobs of ${tenant}${state ? ` in state ${state}` : ''}${words ? `, ${words}` : ''}`;
  // Only dead letters are sent again, so the filter of a redrive has that state alone.
  const redriven = { tenant, ...rest } as BulkInput;
  return html`
    <div class="buttons">
      ${MAY_WAIT.has(state) && html`<${BulkButton} act=${{ verb: 'cancel', filter: filter as BulkInput, what: `waiting ${what}` }} onDone=${pages.reload}>Cancel all that wait<//>`}
      ${(state === undefined || state === 'failed') && html`<${BulkButton} act=${{ verb: 'retry', filter: redriven, what: `dead ${what}` }} onDone=${pages.reload}>Redrive all dead letters<//>`}
    </div>
    ${jobs.length > 0 && html`<${JobTable} caption="Jobs of the filter, the newest first" jobs=${jobs} />`}
    ${jobs.length === 0 && !pages.isLoading && !pages.error && html`<${Empty}>No job ${pages.hasMore ? 'among the newest' : 'is meant'}.<//>`}
    <${More} of=${pages} />`;
}

interface InputProps {
  readonly name: string;
  readonly label: string;
  readonly value: string | undefined;
}

function Choice({ name, label, value = '', choices }: InputProps & { readonly choices: readonly string[] }) {
  return html`<div class="field">
    <label for=${name}>${label}</label>
    <select id=${name} name=${name}>
      <option value="" selected=${value === ''}>Any</option>
      ${choices.map((choice) => html`<option key=${choice} value=${choice} selected=${choice === value}>${choice}</option>`)}
    </select>
  </div>`;
}

function Text({ name, label, value = '', hint }: InputProps & { readonly hint?: string }) {
  return html`<div class="field">
    <label for=${name}>${label}</label>
    <input id=${name} name=${name} value=${value} autocomplete="off" spellcheck=${false} aria-describedby=${hint && `${name}-hint`} />
    ${hint && html`<p class="hint" id=${`${name}-hint`}>${hint}</p>`}
  </div>`;
}
