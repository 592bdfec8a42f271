import { DelayedError, type Job, UnrecoverableError, WaitingChildrenError } from 'bullmq';
import type { CodedError } from '../core/errors.ts';
import type { JobResult, Outcome } from '../core/outcome.ts';
import { traced } from '../queues/attempt-trace.ts';
import { closeText } from '../seal/job-values.ts';
import type { Seal } from '../seal/seal.ts';

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

export interface Settling {
  readonly startedAtMs: number;
  readonly nowMs: number;
  readonly write: Written;
}

/** How the end of a run stands in Redis. */
export interface Written {
  /** The result, or a text that only this program opens. */
  result(result: JobResult): JobResult | string;
  /** The error with the reason and the trace that BullMQ keeps. */
  error<Thrown extends Error>(error: Thrown): Thrown;
}

/** Seals what BullMQ keeps of the end of a run. */
export function writtenWith(
  seal: Seal,
  job: { readonly tenantId: string | undefined; readonly jobId: string },
): Written {
  return {
    result: (result) => (seal.isOn ? closeText(seal, 'result', job, JSON.stringify(result)) : result),
    error(error) {
      if (!seal.isOn) return error;
      const { message, stack = '' } = error;
      error.message = closeText(seal, 'reason', job, message);
      error.stack = closeText(seal, 'trace', job, stack);
      return error;
    },
  };
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
  { startedAtMs, nowMs, write }: Settling,
  recheck: () => Promise<void>,
): Promise<JobResult | string> {
  const attempt = ({ status }: CodedError) => ({
    number: job.attemptsMade + 1,
    startedAt: new Date(startedAtMs).toISOString(),
    endedAt: new Date(nowMs).toISOString(),
    status,
  });
  switch (outcome.kind) {
    case 'done':
      return write.result(outcome.result);
    case 'reject':
      throw write.error(traced(new UnrecoverableError(reasonOf(outcome.error)), attempt(outcome.error)));
    case 'retry':
      throw write.error(
        traced(new RetryLater(reasonOf(outcome.error), outcome.delayMs), attempt(outcome.error)),
      );
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
