import type { DetailedJob } from '../../client/types.ts';
import { replayCallback } from '../data/known-acts.ts';
import { linkTo } from '../data/route.ts';
import { html } from '../html.ts';
import { ActButton, ifOperator } from '../parts/act-button.ts';
import { Moment } from '../parts/moment.ts';
import { Empty } from '../parts/notice.ts';
import { StateWord } from '../parts/state-word.ts';
import { type Column, Table } from '../parts/table.ts';

type Callback = DetailedJob['callbacks'][number];

export interface CallbacksProps {
  readonly callbacks: readonly Callback[];
  readonly onDone: () => void;
}

/** The callbacks of a job, one for each end that was reported. */
export function Callbacks({ callbacks, onDone }: CallbacksProps) {
  const columns: readonly Column<Callback>[] = [
    {
      head: 'Callback',
      isHead: true,
      cell: ({ id }) => html`<a class="id" href=${linkTo(['jobs', id])}>${id}</a>`,
    },
    { head: 'Reports', cell: ({ ending }) => ending },
    { head: 'State', cell: ({ state }) => html`<${StateWord} word=${state} />` },
    { head: 'Attempts', isNumber: true, cell: ({ attempts }) => attempts },
    { head: 'Last attempt', cell: ({ lastAttemptAt }) => html`<${Moment} at=${lastAttemptAt} />` },
    { head: 'Reason', cell: ({ failedReason }) => failedReason ?? '' },
    ...ifOperator<Callback>({
      head: 'Acts',
      cell: ({ id }) => html`<${ActButton} act=${replayCallback(id, onDone)}>Replay<//>`,
    }),
  ];
  return html`<section>
    <h2>Callbacks</h2>
    ${
      callbacks.length === 0
        ? html`<${Empty}>Workers have sent no callback about this job.<//>`
        : html`<${Table} caption="Callbacks of the job" columns=${columns} rows=${callbacks} keyOf=${({ id }: Callback) => id} />`
    }
  </section>`;
}
