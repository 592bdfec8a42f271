import { useState } from 'preact/hooks';
import type { DetailedJob, Job } from '../../client/types.ts';
import { count, milliseconds } from '../data/format.ts';
import { rollBack } from '../data/known-acts.ts';
import { goTo } from '../data/route.ts';
import { html } from '../html.ts';
import { ActButton } from '../parts/act-button.ts';
import { Facts } from '../parts/facts.ts';
import { StateWord } from '../parts/state-word.ts';
import { type Column, Table } from '../parts/table.ts';

/** The result of a rollout, as the API shows it: names of fields, and no values of customers. */
interface Summary {
  readonly status?: string;
  readonly updated?: number;
  readonly unchanged?: number;
  readonly failed?: number;
  readonly conflictsResolved?: number;
  readonly dryRun?: boolean;
  readonly replication?: {
    readonly status?: string;
    readonly activationLatencyMs?: number;
    readonly failedCount?: number;
  };
  readonly audit?: { readonly status?: string; readonly found?: number; readonly missing?: number };
  readonly organizations?: readonly Organization[];
}

interface Organization {
  readonly organizationId?: string;
  readonly status?: string;
  readonly versionBefore?: number;
  readonly versionAfter?: number;
  readonly conflictsResolved?: number;
  readonly conflictFields?: readonly unknown[];
  readonly changes?: readonly {
    readonly path?: readonly unknown[];
    readonly from?: unknown;
    readonly to?: unknown;
  }[];
  readonly latencyMs?: number;
  readonly error?: unknown;
}

/** Organizations that are shown before a person asks for all. */
const FIRST = 50;

export function summaryOf({ result }: Pick<Job, 'result'>): Summary | undefined {
  return typeof result === 'object' && result !== null ? (result as Summary) : undefined;
}

/** The summary of a rollback says it of each organization alone. */
function wasDry({ dryRun = false, organizations = [] }: Summary): boolean {
  return dryRun || (organizations.length > 0 && organizations.every(({ status }) => status === 'dry-run'));
}

/** How many organizations and other steps are done. */
export function Steps({ job: { steps } }: { readonly job: Pick<Job, 'steps'> }) {
  if (!steps) return '';
  const { pending, done, failed } = steps;
  const all = pending + done + failed;
  const text = `${count(done + failed)} of ${count(all)} steps${failed > 0 ? `, ${count(failed)} failed` : ''}`;
  return html`<progress aria-label="Steps that are done" max=${all} value=${done + failed}></progress> ${text}`;
}

/** Progress, summary and organizations of a rollout, and its rollback. */
export function RolloutResult({ job }: { readonly job: DetailedJob }) {
  const summary = summaryOf(job);
  const isDry = summary !== undefined && wasDry(summary);
  const mayUndo = job.state === 'completed' && job.name === 'webchat-configuration' && !isDry;
  return html`<section>
    <h2>${isDry ? 'What the rollout would change' : 'The rollout'}</h2>
    <p><${Steps} job=${job} /></p>
    ${summary && html`<${Totals} summary=${summary} />`}
    ${mayUndo && html`<div class="buttons"><${ActButton} scope="send" act=${rollBack(job, (id: string) => goTo(['jobs', id]))}>Roll back<//></div>`}
    ${summary?.organizations && html`<${Organizations} all=${summary.organizations} isDry=${isDry} />`}
  </section>`;
}

function Totals({ summary }: { readonly summary: Summary }) {
  const { status, updated, unchanged, failed, conflictsResolved, replication, audit } = summary;
  return html`<${Facts} facts=${[
    ['Status', status && html`<${StateWord} word=${status} />`],
    ['Updated', count(updated)],
    ['Unchanged', count(unchanged)],
    ['Failed', count(failed)],
    ['Conflicts resolved', count(conflictsResolved)],
    [
      'Replication',
      replication?.status &&
        `${replication.status}, active after ${milliseconds(replication.activationLatencyMs)}`,
    ],
    ['Audit records', audit?.status && `${count(audit.found)} found, ${count(audit.missing)} missing`],
  ]} />`;
}

interface OrganizationsProps {
  readonly all: readonly Organization[];
  readonly isDry: boolean;
}

function Organizations({ all, isDry }: OrganizationsProps) {
  const [showsAll, setShowsAll] = useState(all.length <= FIRST);
  const columns: readonly Column<Organization>[] = [
    {
      head: 'Organization',
      isHead: true,
      cell: ({ organizationId }) => html`<span class="id">${organizationId}</span>`,
    },
    { head: 'Status', cell: ({ status }) => status && html`<${StateWord} word=${status} />` },
    {
      head: 'Version',
      isNumber: true,
      cell: ({ versionBefore, versionAfter }) => `${count(versionBefore)} → ${count(versionAfter)}`,
    },
    { head: isDry ? 'Would change' : 'Changed', cell: ({ changes = [] }) => changesOf(changes) },
    {
      head: 'Conflicts',
      cell: ({ conflictFields = [], conflictsResolved = 0 }) =>
        conflictsOf(conflictFields, conflictsResolved),
    },
    { head: 'Latency', isNumber: true, cell: ({ latencyMs }) => milliseconds(latencyMs) },
    { head: 'Error', cell: ({ error }) => (error ? String(error) : '') },
  ];
  // What went wrong comes first.
  const sorted = all.toSorted((a, b) => Number(Boolean(b.error)) - Number(Boolean(a.error)));
  const rows = showsAll ? sorted : sorted.slice(0, FIRST);
  return html`<h3>Organizations: ${count(all.length)}</h3>
    <${Table} caption="Organizations of the rollout" columns=${columns} rows=${rows} keyOf=${({ organizationId }: Organization) => organizationId ?? ''} />
    ${!showsAll && html`<p><button type="button" onClick=${() => setShowsAll(true)}>Show all</button></p>`}`;
}

function changesOf(changes: NonNullable<Organization['changes']>) {
  if (changes.length === 0) return 'nothing';
  return html`<ul class="fields">${changes.map(
    ({ path = [], from, to }, index) => html`<li key=${index}><code>${path.map(String).join('.')}</code>
    <span class="quiet">${shownValue(from)} → ${shownValue(to)}</span></li>`,
  )}</ul>`;
}

function conflictsOf(fields: readonly unknown[], resolved: number) {
  if (fields.length === 0) return resolved > 0 ? `${count(resolved)}, in other fields` : '';
  return html`<ul class="fields">${fields.map((field, index) => html`<li key=${index}><code>${String(field)}</code></li>`)}</ul>`;
}

/** Values are masked: only their kind is known. */
function shownValue(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
