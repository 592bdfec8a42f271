import { type Outcome, reject } from '../core/outcome.ts';
import type { Admission } from '../flow/decisions.ts';
import { CATALOG, type JobKind } from '../jobs/catalog.ts';

/** The attempts of a job. */
export interface Attempts {
  readonly kind: JobKind;
  /** Attempts that failed before this one. */
  readonly attemptsMade: number;
  /** Attempts that the job may make altogether; only callbacks have this limit. */
  readonly attempts: number;
}

/**
 * Whether no attempt follows this one. Jobs under flow control are retried for a time, which flow
 * control knows. Callbacks are retried a number of times.
 *
 * @param admission undefined when the run did not get that far: then only a `retryForMs` of 0 makes
 * this the last attempt.
 */
export function isLastAttempt(
  { kind, attemptsMade, attempts }: Attempts,
  admission: Admission | undefined,
  retryForMs: number,
): boolean {
  if (CATALOG[kind].kindCode === null) return attemptsMade + 1 >= attempts;
  return retryForMs === 0 || (admission?.verdict === 'go' && admission.isLastAttempt);
}

/** A retry after the last attempt becomes a dead letter. */
export function exhausted(outcome: Outcome, isLast: boolean): Outcome {
  return outcome.kind === 'retry' && isLast ? reject(outcome.error) : outcome;
}
