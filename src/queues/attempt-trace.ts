/**
 * A failed attempt as BullMQ keeps it with the job, in the place of a stack trace. The frames would say
 * nothing: an attempt ends at one place of the program.
 *
 *   RetryLater: GENESYS_UNAVAILABLE: Genesys Cloud answered 503
 *       at 2026-03-01T09:30:00.000Z to 2026-03-01T09:30:00.250Z, attempt 2, status 503
 */
export interface AttemptTrace {
  /** Counted from 1 since the job was accepted, or since an operator sent it again. */
  readonly number: number;
  /** ISO times. */
  readonly startedAt: string;
  readonly endedAt: string;
  /** HTTP status of the answer that made it fail. */
  readonly status?: number | undefined;
}

/** Traces that a job keeps: the last ones. */
export const TRACES_KEPT = 20;

const PLACE = /\n {4}at (\S{24}) to (\S{24}), attempt (\d{1,9})(?:, status (\d{3}))?$/;

/** Gives an error the trace of an attempt. */
export function traced<Thrown extends Error>(
  error: Thrown,
  { number, startedAt, endedAt, status }: AttemptTrace,
): Thrown {
  const answer = status === undefined ? '' : `, status ${status}`;
  error.stack = `${error.name}: ${error.message}\n    at ${startedAt} to ${endedAt}, attempt ${number}${answer}`;
  return error;
}

/** Undefined for a trace that has no attempt. */
export function attemptIn(trace: string): AttemptTrace | undefined {
  const [, startedAt, endedAt, number, status] = PLACE.exec(trace) ?? [];
  if (number === undefined || startedAt === undefined || endedAt === undefined) return undefined;
  return { number: Number(number), startedAt, endedAt, ...(status && { status: Number(status) }) };
}
