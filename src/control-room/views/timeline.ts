import type { DetailedJob } from '../../client/types.ts';
import type { TimelineAnswer } from '../data/answers.ts';
import { words } from '../data/format.ts';
import { useLoad } from '../data/use-load.ts';
import { html } from '../html.ts';
import { Moment } from '../parts/moment.ts';
import { Empty, Shown } from '../parts/notice.ts';

/** The life of a job, by time. */
export function Timeline({ job }: { readonly job: DetailedJob }) {
  const { id, state, attemptsMade } = job;
  const timeline = useLoad<TimelineAnswer>(
    `v1/jobs/${encodeURIComponent(id)}/timeline`,
    {},
    { revision: `${state} ${attemptsMade}` },
  );
  return html`<section>
    <h2>Timeline</h2>
    <${Shown} of=${timeline}>${({ events }: TimelineAnswer) =>
      events.length === 0
        ? html`<${Empty}>Redis has no event of this job.<//>`
        : html`<ol class="timeline">${events.map(
            ({ at, event, sentence }, index) =>
              html`<li key=${index}><${Moment} at=${at} /> <strong>${words(event)}</strong> ${sentence}</li>`,
          )}</ol>`}<//>
  </section>`;
}
