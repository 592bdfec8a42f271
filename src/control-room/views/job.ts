import type { DetailedJob } from '../../client/types.ts';
import { cancelJob, redriveJob } from '../data/known-acts.ts';
import { linkTo } from '../data/route.ts';
import { useLoad } from '../data/use-load.ts';
import { html } from '../html.ts';
import { ActButton } from '../parts/act-button.ts';
import { Facts } from '../parts/facts.ts';
import { Heading } from '../parts/heading.ts';
import { Moment } from '../parts/moment.ts';
import { Shown } from '../parts/notice.ts';
import { StateWord } from '../parts/state-word.ts';
import { Callbacks } from './callbacks.ts';
import { stateOf } from './job-table.ts';
import { RolloutResult } from './rollout-result.ts';
import { Timeline } from './timeline.ts';

const REFRESH_MS = 3000;

/** One job: why it waits, its life, its callbacks, and what an operator may do. */
export function JobView({ id }: { readonly id: string }) {
  const job = useLoad<DetailedJob>(`v1/jobs/${encodeURIComponent(id)}`, {}, { everyMs: REFRESH_MS });
  return html`<${Heading} title=${`Job ${id}`} />
    <${Shown} of=${job}>${(shown: DetailedJob) => html`<${Details} job=${shown} onDone=${job.reload} />`}<//>`;
}

function Details({ job, onDone }: { readonly job: DetailedJob; readonly onDone: () => void }) {
  const {
    tenantId,
    lane,
    acceptedAt,
    attemptsMade,
    traceparent,
    failedReason,
    nextAttemptAt,
    name,
    waiting,
    steps,
  } = job;
  const isDead = job.state === 'failed';
  // A dead letter that is held, or halts its conversation, waits for an operator.
  const mayCancel = isDead ? /^(halted|held)$/.test(waiting.reason) : job.state !== 'completed';
  return html`
    <p class="why"><${StateWord} word=${stateOf(job)} /> ${waiting.sentence} ${waiting.until && html`Until <${Moment} at=${waiting.until} />.`}
      ${waiting.behind && html`<a href=${linkTo(['jobs', waiting.behind.jobId])}>Look at that job</a>`}</p>
    <div class="buttons">
      ${isDead && html`<${ActButton} act=${redriveJob(job, onDone)}>Redrive<//>`}
      ${mayCancel && job.links.cancel && html`<${ActButton} act=${cancelJob(job, onDone)}>Cancel<//>`}
    </div>
    <${Facts} facts=${[
      ['Kind', name],
      ['Tenant', tenantId && html`<a href=${linkTo(['tenants', tenantId])}>${tenantId}</a>`],
      [
        'Conversation',
        lane &&
          tenantId &&
          html`<a class="id" href=${linkTo(['conversations', lane], { tenant: tenantId })}>${lane}</a>`,
      ],
      ['Accepted', html`<${Moment} at=${acceptedAt} />`],
      ['Attempts', attemptsMade],
      ['Next attempt', html`<${Moment} at=${nextAttemptAt} />`],
      ['Reason', failedReason ?? '–'],
      ['Steps', steps ? `${steps.done} done, ${steps.failed} failed, ${steps.pending} to do` : '–'],
      ['Trace', traceparent ?? '–'],
    ]} />
    <${Timeline} job=${job} />
    <${Callbacks} callbacks=${job.callbacks} onDone=${onDone} />
    ${job.kind === 'config-rollout' && html`<${RolloutResult} job=${job} />`}`;
}
