import { DelayedError, type Job, UnrecoverableError, WaitingChildrenError } from 'bullmq';
import type { CodedError } from '../core/errors.ts';
import type { JobResult, Outcome } from '../core/outcome.ts';
import { traced } from '../queues/attempt-trace.ts';

/** During a wait longer than this, another script may have given the job its turn, ms. */
const LONG_WAIT_MS = 1000;

/** Thrown to BullMQ for a failed attempt; its backoff strategy reads the delay. */
export class RetryLater extends Error {
  override readonly name = 'RetryLater';
  readonly delayMs: number;
  constructor(message: string, delayMs: number) {
    super(message);
    this.delayMs = delayMs;
  }
}

/**
 * Changes BullMQ's state of the job. This is the last act of a run, and the only place that knows
 * how a processor of BullMQ may end:
 *
 *   done     return a value                          completed
 *   reject   throw UnrecoverableError                failed, whatever attempts are left
 *   retry    throw RetryLater                        delayed, attempt counted
 *   snooze   moveToDelayed, then throw DelayedError  delayed, no attempt counted
 *   await    moveToWaitingChildren, then throw WaitingChildrenError   waiting-children, no attempt counted
 *
 * @param recheck called when a job is delayed for long: a script that gave it a turn before the
 *   delay could not wake it.
 * @param token the lock of this run; without it BullMQ does not check that this worker has the job.
 */
export async function settle(
  job: Job,
  token: string | undefined,
  outcome: Outcome,
  { startedAtMs, nowMs }: { readonly startedAtMs: number; readonly nowMs: number },
  recheck: () => Promise<void>,
): Promise<JobResult> {
  const attempt = () => ({
    number: job.attemptsMade + 1,
    startedAt: new Date(startedAtMs).toISOString(),
    endedAt: new Date(nowMs).toISOString(),
  });
  switch (outcome.kind) {
    case 'done':
      return outcome.result;
    case 'reject':
      throw traced(new UnrecoverableError(reasonOf(outcome.error)), attempt());
    case 'retry':
      throw traced(new RetryLater(reasonOf(outcome.error), outcome.delayMs), attempt());
    case 'snooze':
      await job.moveToDelayed(nowMs + outcome.delayMs, token);
      if (outcome.isParked || outcome.delayMs > LONG_WAIT_MS) await recheck();
      throw new DelayedError();
    case 'await':
      if (await job.moveToWaitingChildren(token ?? '')) throw new WaitingChildrenError();
      // The last step has ended meanwhile: the job runs again at once.
      await job.moveToDelayed(nowMs, token);
      throw new DelayedError();
  }
}

/** Whether an error is a way out of the processor, and no failure of the run. */
export function isWayOut(error: unknown): boolean {
  return WAYS_OUT.some((way) => error instanceof way);
}

const WAYS_OUT = [RetryLater, UnrecoverableError, DelayedError, WaitingChildrenError];

/** The reason that BullMQ keeps: the code, the sentence, and the fields with errors. */
function reasonOf({ code, message, details }: CodedError): string {
  const fields = details.filter((detail) => !message.includes(detail));
  return `${code}: ${message}${fields.length > 0 ? ` [${fields.join('; ')}]` : ''}`;
}
