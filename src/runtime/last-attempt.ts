import { type Outcome, reject } from '../core/outcome.ts';
import type { Admission } from '../flow/decisions.ts';
import { CATALOG, type JobKind } from '../jobs/catalog.ts';

/** What is known of the attempts of a job. */
export interface Attempts {
  readonly kind: JobKind;
  /** Attempts that failed before this one. */
  readonly attemptsMade: number;
  /** Attempts that it may make altogether, where its kind counts them. */
  readonly attempts: number;
}

/**
 * Whether there is no attempt after this one. What takes part in flow control is tried again for a time, which flow control
 * knows; callbacks are tried again so many times.
 *
 * @param admission absent when it was not asked for: then only a time of nothing says that there is one attempt.
 */
export function isLastAttempt(
  { kind, attemptsMade, attempts }: Attempts,
  admission: Admission | undefined,
  retryForMs: number,
): boolean {
  if (CATALOG[kind].kindCode === null) return attemptsMade + 1 >= attempts;
  return retryForMs === 0 || (admission?.verdict === 'go' && admission.isLastAttempt);
}

/** The last attempt has no next one: what would be a retry is a dead letter. */
export function exhausted(outcome: Outcome, isLast: boolean): Outcome {
  return outcome.kind === 'retry' && isLast ? reject(outcome.error) : outcome;
}
