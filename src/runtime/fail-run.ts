import { type CodedError, toCodedError } from '../core/errors.ts';
import { type Outcome, type Retry, reject, retry, type Snooze, snooze } from '../core/outcome.ts';
import { isLimited } from '../flow/job-ref.ts';
import { Unprepared } from './admission.ts';
import type { Task, Tasks } from './handler.ts';
import { exhausted, isLastAttempt } from './last-attempt.ts';
import { taskOf } from './open-run.ts';
import type { Run } from './run.ts';
import { type Admitted, aboutAdmission, type Opened, type RunEnd } from './stages.ts';
import { unattempted } from './unattempted.ts';
import { heldIfUnknown } from './uncertain.ts';
import { bucketReportOf } from './verdict.ts';

export interface FailOptions {
  readonly tasks: Tasks;
  readonly now: () => number;
  /** Called for each request with an unknown outcome. */
  readonly onUnknown: () => void;
}

/**
 * Turns the error of a stage into the end of the run.
 * @param reached the last stage that the run has passed.
 */
export function failRun(reached: Opened | Admitted, thrown: unknown, options: FailOptions): RunEnd {
  const { run, retryForMs } = reached;
  const admission = 'admission' in reached ? reached.admission : undefined;
  if (run.signal.aborted) return givenUp(reached);
  const wasAttempted = !(thrown instanceof Unprepared);
  const error = toCodedError(wasAttempted ? thrown : thrown.cause);
  if (error.isUnknown && isLimited(run.kind)) options.onUnknown();
  const onUnknownOutcome = 'admission' in reached ? reached.onUnknownOutcome : undefined;
  const held = heldIfUnknown(error, onUnknownOutcome);
  const next = consequence(run, held, taskOf(options.tasks, run), options.now());
  return {
    outcome: wasAttempted ? exhausted(next, isLastAttempt(run, admission, retryForMs)) : unprepared(next),
    bucketReport: bucketReportOf(error),
    correlationId: error.correlationId,
    ...aboutAdmission(admission),
  };
}

/**
 * In an outage a failed attempt does not count. The job waits with the other jobs until one of them
 * gets through.
 */
export function uncounted({ delayMs, error }: Retry): Snooze {
  return snooze(delayMs, error.code, error);
}

/** The outcome of a run that had no access token. */
function unprepared(outcome: Outcome): Outcome {
  return outcome.kind === 'retry' ? uncounted(outcome) : outcome;
}

/** The disposition of the error says what follows. */
function consequence(run: Run, error: CodedError, task: Task, nowMs: number): Outcome {
  if (error.disposition === 'reject') return reject(error);
  if (error.disposition === 'pause') return snooze(0, error.code, error);
  const { reschedulesForMs } = task;
  if (reschedulesForMs !== undefined) return unattempted(run, error, reschedulesForMs, nowMs);
  const backoffMs = task.retry.delayMs(run.attemptsMade + 1);
  return retry(error, Math.max(backoffMs, error.retryAfterMs ?? 0));
}

/**
 * The process must end, and gives up its jobs. No attempt counts, and the bucket learns nothing. A
 * request under way may still arrive, so the ledger keeps its entry.
 */
function givenUp(reached: Opened | Admitted): RunEnd {
  const admission = 'admission' in reached ? reached.admission : undefined;
  const outcome: Snooze = snooze(0, 'given-up');
  return { outcome, isDecided: admission !== undefined, ...aboutAdmission(admission) };
}
