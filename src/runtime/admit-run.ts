import { CodedError } from '../core/errors.ts';
import { park, reject, snooze } from '../core/outcome.ts';
import type { Admission, RunStart } from '../flow/decisions.ts';
import type { Flow } from '../flow/flow.ts';
import { isLimited } from '../flow/job-ref.ts';
import { isMarked, readEntry, sealOfEntry } from '../flow/ledger.ts';
import { parkMs } from '../flow/parking.ts';
import { conditionsOf } from '../jobs/conditions.ts';
import type { Wake } from '../redis/wakes.ts';
import type { Seal } from '../seal/seal.ts';
import { askAdmission } from './admission.ts';
import { describeExpiry, expiresAtMs } from './age.ts';
import type { RetryUntilAborted } from './retry-until-aborted.ts';
import type { Admitted, Parsed, RunEnd } from './stages.ts';

export interface AdmitOptions {
  readonly flow: Flow;
  readonly retryUntilAborted: RetryUntilAborted;
  /** Longest time that the fetch of the access token may take, ms. */
  readonly attemptMs: number;
  readonly seal: Seal;
  readonly wake: (wakes: readonly Wake[]) => Promise<void>;
  readonly now: () => number;
  /** Called when flow control finds that an earlier run died, and its outcome is unknown. */
  readonly onUnknown: () => void;
}

/**
 * Asks flow control whether the run may send.
 * @returns the admitted run, or the end of the run that flow control has decided without a request.
 * @throws {Unprepared} in an outage of the login host; {CodedError} for another failure there.
 */
export async function admitRun(parsed: Parsed, options: AdmitOptions): Promise<Admitted | RunEnd> {
  const { run, ref, tenant, task } = parsed;
  if (!isLimited(run.kind)) {
    return { ...parsed, admission: undefined, onUnknownOutcome: undefined, waitedMs: 0 };
  }
  const start = startOf(parsed);
  const { admission, waitedMs } = await askAdmission({
    ...options,
    ref,
    start,
    tenant,
    task,
    prepareMs: options.attemptMs,
    signal: run.signal,
  });
  if ('workerDied' in admission && admission.workerDied) options.onUnknown();
  if (admission.verdict !== 'go') return decidedBy(admission, parsed, options.now(), options.seal);
  return {
    ...parsed,
    // A job that asks first sends nothing twice.
    admission: asksFirst(parsed) ? { ...admission, mayBeRepetition: false } : admission,
    onUnknownOutcome: onUnknownOutcomeOf(parsed),
    waitedMs,
  };
}

export function isAdmitted(reached: Admitted | RunEnd): reached is Admitted {
  return 'waitedMs' in reached;
}

/**
 * Flow control needs `retryForMs` only for later runs: before the first one no attempt has failed.
 */
function startOf(parsed: Parsed): RunStart {
  const { run, tenant, data, envelope, retryForMs } = parsed;
  const hasBegun = envelope.saved?.begun === true;
  return {
    number: run.number,
    expiresAtMs: hasBegun ? undefined : expiresAtMs(run.acceptedAtMs, tenant, data),
    onUnknownOutcome: asksFirst(parsed) ? 'resend' : onDoubt(parsed),
    retryForMs: run.number > 1 ? retryForMs : undefined,
  };
}

/** What to do with a job that another run has left without an end. */
function onDoubt(parsed: Parsed): RunStart['onUnknownOutcome'] {
  const { task, tenant, data } = parsed;
  const onUnknownOutcome = onUnknownOutcomeOf(parsed);
  const isKnown = onUnknownOutcome === 'hold' && task.savesFirst?.({ tenant, data: data as never });
  return isKnown ? 'hold unanswered' : onUnknownOutcome;
}

function onUnknownOutcomeOf({ data, tenant }: Parsed): 'resend' | 'hold' {
  return conditionsOf(data).onUnknownOutcome ?? tenant.onUnknownOutcome;
}

function asksFirst({ envelope }: Parsed): boolean {
  return envelope.saved?.asksFirst === true;
}

type Decided = Exclude<Admission, { readonly verdict: 'go' | 'prepare' }>;

function decidedBy(
  admission: Decided,
  { run, ref, tenant, data }: Parsed,
  nowMs: number,
  seal: Seal,
): RunEnd {
  const sequence = admission.sequence;
  switch (admission.verdict) {
    case 'wait':
      return { sequence, isDecided: true, outcome: snooze(admission.waitMs, admission.reason) };
    case 'park':
      return { sequence, isDecided: true, outcome: park(parkMs(data, nowMs), admission.reason) };
    case 'done': {
      const outcome = readEntry(admission.entry, sealOfEntry(seal, ref));
      const mark = isMarked(admission.entry) && { mayBeRepetition: true };
      return { sequence, isDecided: true, endedBefore: true, outcome, ...mark };
    }
    case 'expired': {
      const expired = new CodedError('JOB_EXPIRED', describeExpiry(run.acceptedAtMs, tenant, data));
      return { sequence, outcome: reject(expired) };
    }
    case 'unknown':
      return { sequence, outcome: reject(new CodedError('OUTCOME_UNKNOWN', whyUnknown(admission))) };
  }
}

function whyUnknown({ workerDied }: { readonly workerDied: boolean }): string {
  return workerDied
    ? 'a worker died while it sent the job'
    : 'an earlier run sent it, and no answer says whether it was carried out';
}
