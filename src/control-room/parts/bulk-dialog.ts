import { useEffect, useRef, useState } from 'preact/hooks';
import type { BulkInput } from '../../client/types.ts';
import { tell } from '../data/acts.ts';
import type { ApiError } from '../data/api.ts';
import { actOnMany, type BulkVerb, type Progress } from '../data/bulk.ts';
import { count } from '../data/format.ts';
import { asApiError } from '../data/login.ts';
import { html } from '../html.ts';
import { Dialog } from './dialog.ts';
import { Failure } from './notice.ts';

/** An act on all jobs of a filter. */
export interface BulkAct {
  readonly verb: BulkVerb;
  readonly filter: BulkInput;
  /** Which jobs, in words, such as `dead letters of acme with JOB_INVALID`. */
  readonly what: string;
}

export interface BulkDialogProps {
  readonly act: BulkAct;
  /** Called when it is over. */
  readonly onClose: () => void;
}

type Step = 'counting' | 'asking' | 'acting';

const START: Progress = { seen: 0, matched: 0, done: 0 };
const WORDS = {
  retry: {
    title: 'Redrive',
    done: 'Redriven',
    text: 'Workers send them again, those of each conversation in their order.',
  },
  cancel: {
    title: 'Cancel',
    done: 'Cancelled',
    text: 'No worker sends them. The conversations go on with their next jobs.',
  },
} as const;

/** Counts the jobs, asks once, and shows the progress of the act. */
export function BulkDialog({ act: { verb, filter, what }, onClose }: BulkDialogProps) {
  const [step, setStep] = useState<Step>('counting');
  const [progress, setProgress] = useState(START);
  const [counted, setCounted] = useState(START);
  const [error, setError] = useState<ApiError | undefined>(undefined);
  const running = useRef(new AbortController());
  const words = WORDS[verb];
  /** The jobs that the act would change: some that the filter means are running, or have ended for good. */
  const total = counted.done;

  const go = async (dryRun: boolean): Promise<Progress | undefined> => {
    let last = START;
    try {
      for await (const now of actOnMany(verb, { ...filter, dryRun }, running.current.signal)) {
        last = now;
        setProgress(now);
      }
      return last;
    } catch (cause) {
      if (!running.current.signal.aborted) setError(asApiError(cause));
      return undefined;
    }
  };
  useEffect(() => {
    void go(true).then((last) => {
      if (!last) return;
      setCounted(last);
      setStep('asking');
    });
    return () => running.current.abort();
  }, []);

  const act = async () => {
    setStep('acting');
    setProgress(START);
    const ended = await go(false);
    if (!ended) return;
    tell(`${words.done}: ${count(ended.done)} of ${count(ended.matched)} jobs.`);
    onClose();
  };

  return html`<${Dialog} title=${`${words.title} ${what}`} onClose=${onClose}>
    <div aria-live="polite">${sayStep(step, progress, counted)}</div>
    ${step === 'asking' && total > 0 && html`<p>${words.text} Jobs that come meanwhile stay as they are.</p>`}
    ${
      step !== 'asking' &&
      !error &&
      html`<progress aria-label="Progress" ...${step === 'acting' ? { max: Math.max(1, total), value: progress.done } : {}}></progress>`
    }
    ${error && html`<${Failure} error=${error} />`}
    <div class="buttons">
      <button type="button" onClick=${onClose}>${step === 'acting' && !error ? 'Stop' : 'Back'}</button>
      ${
        step === 'asking' &&
        total > 0 &&
        html`<button type="button" class="grave" onClick=${act}>${words.title} ${count(total)} ${total === 1 ? 'job' : 'jobs'}</button>`
      }
    </div>
  <//>`;
}

function sayStep(step: Step, { seen, done }: Progress, counted: Progress) {
  const total = counted.done;
  const others = counted.matched - total;
  if (step === 'counting') return html`<p>Counting. Looked at ${count(seen)} jobs.</p>`;
  if (step === 'acting') return html`<p>${count(done)} of ${count(total)} jobs are done.</p>`;
  const stays =
    others > 0 &&
    html` ${count(others)} of the filter would stay as they are: a worker has them, or they have ended.`;
  if (total === 0) return html`<p>No job is meant.${stays}</p>`;
  return html`<p><strong>${count(total)} ${total === 1 ? 'job is' : 'jobs are'} meant.</strong>${stays}</p>`;
}
