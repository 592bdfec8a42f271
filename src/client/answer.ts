import { parseRetryAfter } from '../core/retry-after.ts';
import { ApiError, type ApiErrorCode, type ApiFieldError } from './api-error.ts';

/** The error of a refused request. */
export function errorOf({ status, headers }: Response, text: string): ApiError {
  const retryAfterMs = parseRetryAfter(headers.get('retry-after'), Date.now());
  const problem = problemIn(text);
  if (problem) return errorIn(problem, { status, retryAfterMs });
  const message = `The server answered ${status} without a problem document.`;
  return new ApiError({ status, code: 'ANSWER_UNREADABLE', message, retryAfterMs });
}

interface Circumstances {
  readonly status?: number;
  readonly retryAfterMs?: number | undefined;
}

/** The error that a problem document tells of. */
export function errorIn(problem: object, { status, retryAfterMs }: Circumstances = {}): ApiError {
  const { code, errors, status: ownStatus } = problem as Record<string, unknown>;
  return new ApiError({
    status: status ?? Number(ownStatus),
    code: code as ApiErrorCode,
    message: messageOf(problem),
    errors: Array.isArray(errors) ? (errors as ApiFieldError[]) : [],
    retryAfterMs,
    problem: problem as Record<string, unknown>,
  });
}

/** @throws {ApiError} ANSWER_UNREADABLE when a successful answer is not JSON. */
export function jsonOf({ status }: Response, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const message = `The server answered ${status} with a body that is not JSON.`;
    throw new ApiError({ status, code: 'ANSWER_UNREADABLE', message });
  }
}

function problemIn(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'code' in value ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The title and the detail, then each error with its field. */
function messageOf(problem: object): string {
  const { title, detail, errors } = problem as Record<string, unknown>;
  const sentence = [title, detail].filter((text) => typeof text === 'string').join(': ');
  const fields = Array.isArray(errors) ? (errors as ApiFieldError[]) : [];
  const lines = fields.map(
    ({ pointer, parameter, header, detail }) => `${pointer ?? parameter ?? header ?? '#'}: ${detail}`,
  );
  return [sentence, ...lines].join('\n');
}
