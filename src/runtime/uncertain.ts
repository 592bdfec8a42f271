import { CodedError } from '../core/errors.ts';
import type { RunStart } from '../flow/decisions.ts';

/**
 * A request that was sent, and of which no answer says whether it was carried out: the answer was lost, came too late, or is
 * a gateway's that had none itself. It is sent again, and the ledger remembers that it may be a repetition, or it is held
 * for a person. A request that never left, and a 500 or 503, are not of this kind.
 *
 * @returns the failure as it is to be dealt with.
 */
export function heldIfUnknown(
  error: CodedError,
  onUnknownOutcome: RunStart['onUnknownOutcome'] | undefined,
): CodedError {
  if (!error.isUnknown || onUnknownOutcome !== 'hold') return error;
  const { code, message, status, details } = error;
  const reason = `it was sent, and may have been carried out: ${code}: ${message}`;
  return new CodedError('OUTCOME_UNKNOWN', reason, { details, ...(status !== undefined && { status }) });
}
