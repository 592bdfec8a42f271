import { type CodedError, reworded } from '../core/errors.ts';
import type { RunStart } from '../flow/decisions.ts';

/**
 * Holds a job whose request has an unknown outcome, if its tenant or the job asks for that. The
 * answer was lost, came too late, or is from a gateway that had no answer itself. By default the
 * request is sent again, and the ledger notes that it may be a repetition. The outcome of a request
 * that never left is known, and so is that of a 500 or 503.
 *
 * @returns the error by which the run goes on.
 */
export function heldIfUnknown(
  error: CodedError,
  onUnknownOutcome: RunStart['onUnknownOutcome'] | undefined,
): CodedError {
  if (!error.isUnknown || onUnknownOutcome !== 'hold') return error;
  const message = `it was sent, and may have been carried out: ${error.code}: ${error.message}`;
  return reworded(error, { code: 'OUTCOME_UNKNOWN', message, isUnknown: false });
}
