import type { CodedError } from '../core/errors.ts';
import { type Outcome, reject, snooze } from '../core/outcome.ts';
import type { Run } from './run.ts';

const MIN_WAIT_MS = 1000;
const MAX_WAIT_MS = 300_000;

/**
 * The outcome of a failure before an attempt: the job is rescheduled for a limited time, and no
 * attempt counts. The older the job, the longer it waits.
 */
export function unattempted(
  { acceptedAtMs }: Pick<Run, 'acceptedAtMs'>,
  error: CodedError,
  reschedulesForMs: number,
  nowMs: number,
): Outcome {
  const ageMs = nowMs - acceptedAtMs;
  if (ageMs > reschedulesForMs) return reject(error);
  const waitMs = Math.min(MAX_WAIT_MS, Math.max(MIN_WAIT_MS, ageMs / 2));
  return snooze(Math.round(Math.max(waitMs, error.retryAfterMs ?? 0)), error.code, error);
}
