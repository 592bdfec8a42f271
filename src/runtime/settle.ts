import { DelayedError, type Job, UnrecoverableError, WaitingChildrenError } from 'bullmq';
import type { CodedError } from '../core/errors.ts';
import type { JobResult, Outcome } from '../core/outcome.ts';

/** A wait that somebody may have cut short meanwhile. */
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
 * Tells BullMQ how the job goes on; the last act of a run, and the only place that knows its ways
 * out of a processor:
 *
 *   done     return a value                          completed
 *   reject   throw UnrecoverableError                failed, whatever attempts are left
 *   retry    throw RetryLater                        delayed, attempt counted
 *   snooze   moveToDelayed, then throw DelayedError  delayed, no attempt counted
 *   await    moveToWaitingChildren, then throw WaitingChildrenError   waiting-children, no attempt counted
 *
 * @param recheck run when a job is delayed for long: whoever gave it a turn before that could not wake it.
 * @param token the lock of this run; without it BullMQ would not check that the job is still ours.
 */
export async function settle(
  job: Job,
  token: string | undefined,
  outcome: Outcome,
  nowMs: number,
  recheck: () => Promise<void>,
): Promise<JobResult> {
  switch (outcome.kind) {
    case 'done':
      return outcome.result;
    case 'reject':
      throw new UnrecoverableError(reasonOf(outcome.error));
    case 'retry':
      throw new RetryLater(reasonOf(outcome.error), outcome.delayMs);
    case 'snooze':
      await job.moveToDelayed(nowMs + outcome.delayMs, token);
      if (outcome.isParked || outcome.delayMs > LONG_WAIT_MS) await recheck();
      throw new DelayedError();
    case 'await':
      if (await job.moveToWaitingChildren(token ?? '')) throw new WaitingChildrenError();
      // The last of them has ended meanwhile: the job goes on at once.
      await job.moveToDelayed(nowMs, token);
      throw new DelayedError();
  }
}

/** What the board shows: the code, the sentence, and the fields that were found wrong. */
function reasonOf({ code, message, details }: CodedError): string {
  const fields = details.filter((detail) => !message.includes(detail));
  return `${code}: ${message}${fields.length > 0 ? ` [${fields.join('; ')}]` : ''}`;
}
