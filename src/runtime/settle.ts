import { DelayedError, type Job, UnrecoverableError } from 'bullmq';
import type { JobResult, Outcome } from '../core/outcome.ts';

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
 * Tells BullMQ how the job goes on; the last act of an activation, and the only place that knows its ways
 * out of a processor:
 *
 *   done     return a value                          completed
 *   reject   throw UnrecoverableError                failed, whatever attempts are left
 *   retry    throw RetryLater                        delayed, attempt counted
 *   snooze   moveToDelayed, then throw DelayedError  delayed, no attempt counted
 *
 * @param token the lock of this activation; without it BullMQ would not check that the job is still ours.
 */
export async function settle(
  job: Job,
  token: string | undefined,
  outcome: Outcome,
  nowMs: number,
): Promise<JobResult> {
  switch (outcome.kind) {
    case 'done':
      return outcome.result;
    case 'reject':
      throw new UnrecoverableError(`${outcome.error.code}: ${outcome.error.message}`);
    case 'retry':
      throw new RetryLater(`${outcome.error.code}: ${outcome.error.message}`, outcome.delayMs);
    case 'snooze':
      await job.moveToDelayed(nowMs + outcome.delayMs, token);
      throw new DelayedError();
  }
}
