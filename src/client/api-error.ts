import type { ProblemCode } from '../core/http-errors.ts';

/** One error of a request: its field by a JSON pointer, the parameter of the address, or the header of an event. */
export interface ApiFieldError {
  readonly detail: string;
  /** Such as `#/body/content`. */
  readonly pointer?: string;
  readonly parameter?: string;
  readonly header?: string;
}

export interface ApiErrorOptions {
  readonly status: number;
  readonly code: ApiErrorCode;
  readonly message: string;
  readonly errors?: readonly ApiFieldError[];
  readonly retryAfterMs?: number | undefined;
  readonly problem?: Readonly<Record<string, unknown>>;
}

/**
 * A code of docs/errors.md. `ANSWER_UNREADABLE`: the answer is no problem document, because a proxy
 * sent it, or because the address is no API of this program.
 */
export type ApiErrorCode = ProblemCode | 'ANSWER_UNREADABLE';

/** The server refused the request. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: ApiErrorCode;
  /** The fields that are wrong; empty when the error concerns no field. */
  readonly errors: readonly ApiFieldError[];
  /** How long the server asks the caller to wait. */
  readonly retryAfterMs: number | undefined;
  /** The whole problem document (RFC 9457). */
  readonly problem: Readonly<Record<string, unknown>>;
  constructor({ status, code, message, errors = [], retryAfterMs, problem = {} }: ApiErrorOptions) {
    super(message);
    this.status = status;
    this.code = code;
    this.errors = errors;
    this.retryAfterMs = retryAfterMs;
    this.problem = problem;
  }
}

/**
 * The server did not answer, or its answer broke off. It may have done what the request asks. The
 * caller may send a job again with the same idempotency key.
 */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
}
