import type { Job } from 'bullmq';
import { type ErrorCode, isErrorCode } from '../core/errors.ts';
import { attemptIn, TRACES_KEPT } from './attempt-trace.ts';
import { codeIn, timeOf } from './job-view.ts';

/** One attempt that has ended. It stays as it is, whatever follows. */
export interface AttemptView {
  /** Counted from 1 since the job was accepted. */
  readonly number: number;
  /** ISO time at which its run began; null when the job does not keep it. */
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  /** Null for the attempt that delivered the job. */
  readonly code: ErrorCode | null;
  /** HTTP status of the answer that made it fail; null without one. */
  readonly status: number | null;
}

/** Attempts that a view has at most: the failed ones that the job keeps, and the one that delivered it. */
export const MAX_ATTEMPTS = TRACES_KEPT + 1;

/**
 * The last attempts of a job that have ended. Attempts in an outage do not count and are not among
 * them. When an operator sends a dead letter again, its numbers go on.
 */
export function attemptsOf(job: Job, state: string): AttemptView[] {
  const attempts: AttemptView[] = [];
  // Attempts before the last time that an operator sent the job again.
  let before = 0;
  for (const trace of (job.stacktrace ?? []).filter(isText)) {
    const last = attempts.at(-1)?.number ?? 0;
    const known = attemptIn(trace);
    if (known && before + known.number <= last) before = last;
    const number = known ? before + known.number : last + 1;
    const { startedAt = null, endedAt = null, status = null } = known ?? {};
    attempts.push({ number, startedAt, endedAt, code: codeInTrace(trace), status });
  }
  return state === 'completed' ? [...attempts, delivery(job, attempts)] : attempts;
}

function delivery(job: Job, failed: readonly AttemptView[]): AttemptView {
  const number = Math.max((failed.at(-1)?.number ?? 0) + 1, job.attemptsMade);
  return {
    number,
    startedAt: timeOf(job.processedOn),
    endedAt: timeOf(job.finishedOn),
    code: null,
    status: null,
  };
}

/** A trace begins with the class of its error and the message, `RetryLater: CODE: …`. */
function codeInTrace(trace: string): ErrorCode {
  const code = codeIn(/^\w+: ([\s\S]*)/.exec(trace)?.[1]);
  return code !== undefined && isErrorCode(code) ? code : 'INTERNAL';
}

/** Another program may have written anything. */
function isText(trace: unknown): trace is string {
  return typeof trace === 'string';
}
