import { CodedError, ERRORS, isErrorCode } from '../../src/core/errors.ts';
import type { ChildState } from '../../src/queues/children.ts';

/** Why a step has no result: its code, and the sentence of its error. */
export interface ChildFailure {
  readonly code: string;
  readonly message: string;
}

/** @param state of a step that has ended without a result, or that is gone. */
export function childFailure(state: ChildState | undefined): ChildFailure {
  const reason = state?.status === 'failed' ? state.reason : 'JOB_REMOVED: its job was removed by hand';
  const [, code = '', message = reason] = /^([A-Z_]+): ([\s\S]*)$/.exec(reason) ?? [];
  return { code: isErrorCode(code) ? code : 'INTERNAL', message };
}

/**
 * The error of a job whose only result was that of failed steps. The steps have used up their
 * attempts, so the job must not be tried again by itself: its code is one that rejects.
 */
export function finalError({ code, message }: ChildFailure): CodedError {
  const isFinal = isErrorCode(code) && ERRORS[code].disposition === 'reject';
  return new CodedError(isFinal ? code : 'GENESYS_REFUSED', isFinal ? message : `${code}: ${message}`);
}
