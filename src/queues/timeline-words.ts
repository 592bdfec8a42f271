import type { TimelineEvent } from './timeline-events.ts';

/** What an event of a timeline says to people. */
export function sentenceOf(event: Omit<TimelineEvent, 'sentence' | 'at'>): string {
  const said = SENTENCES[event.event](event);
  const { times, lastAt } = event;
  return times === undefined ? said : `${said} This happened ${times} times, the last time at ${lastAt}.`;
}

type Said = (event: Omit<TimelineEvent, 'sentence' | 'at'>) => string;

const SENTENCES: Readonly<Record<TimelineEvent['event'], Said>> = {
  accepted: () => 'Redis took the job.',
  waited: ({ behind, reason, until }) => {
    if (behind)
      return `It waited for number ${behind.sequence} of its conversation (job ${behind.jobId}), which ended at ${until}.`;
    if (reason === 'scheduled') return `It waited for its sendAt, ${until}.`;
    return `It waited for its turn, for the end of quiet hours, for a token of its tenant or for a free worker, until ${until}.`;
  },
  'put-off': ({ reason = '', until }) => `${putOff(reason)}${until ? ` A worker tries at ${until}.` : ''}`,
  postponed: ({ code, status, until }) =>
    `A worker tried, and ${answered(status)} (${code}). No attempt counted.${until ? ` It goes on at ${until}.` : ''}`,
  'attempt-failed': ({ number, code, status }) => `Attempt ${number} failed: ${answered(status)} (${code}).`,
  'worker-died': () => 'A worker found that the worker of an earlier run had died.',
  running: () => 'A worker runs it now.',
  sent: ({ number }) => `A worker began attempt ${number}, which delivered it.`,
  delivered: () => 'It was delivered.',
  failed: ({ code }) => `It became a dead letter${code ? ` (${code})` : ''}.`,
  expired: () => 'Its time was over, and workers sent nothing.',
  cancelled: () => 'It was cancelled.',
  held: () => 'It may have been delivered, so it is held until an operator decides.',
  redriven: () => 'An operator sent the dead letter again.',
  'callback-failed': ({ status, reason }) =>
    `Its receiver did not take the callback: ${status ? `it answered ${status}` : reason}.`,
  'callback-taken': () => 'Its receiver took the callback.',
  'callback-replayed': () => 'An operator sent the callback again.',
};

function answered(status: number | undefined): string {
  return status === undefined ? 'an error came' : `the answer was ${status}`;
}

/** Why admit.lua puts a job off. Another word is the reason of a pause. */
const PUT_OFF: Readonly<Record<string, string>> = {
  lane: 'A job of its conversation came first.',
  rate: 'The rate limit of its tenant had no token, and the job got a reservation.',
  waiting: 'The rate limit of its tenant had no token, and the job went into the wait queue.',
  deferred: 'Its sendAt was to come, or its tenant had quiet hours.',
  moving: 'Its tenant moved to another partition, and the older jobs came first.',
  unknown: 'A request of an earlier run was perhaps still under way.',
  unconfigured: 'No worker had configured its tenant.',
  'circuit-open': 'The circuit of its tenant was open.',
};

function putOff(reason: string): string {
  return PUT_OFF[reason] ?? `Its tenant was paused (${reason}).`;
}
