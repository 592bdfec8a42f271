import { z } from 'zod';
import { checked } from '../core/checked.ts';
import { CodedError, type ErrorCode } from '../core/errors.ts';
import { parseRetryAfter } from '../core/retry-after.ts';
import type { AnswerHeaders } from '../outbound/answer.ts';
import { changesSomething, type Operation } from './operation.ts';

/** The parts of an answer that decide what it means. */
export interface Answer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  /** The parsed body; undefined if it is not JSON. */
  readonly body: unknown;
}

const CODE_BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: 'CONTENT_REFUSED',
  401: 'CREDENTIALS_REFUSED',
  403: 'SCOPE_MISSING',
  404: 'NOT_FOUND',
  408: 'GENESYS_UNAVAILABLE',
  409: 'CONFLICT',
  413: 'CONTENT_REFUSED',
  422: 'CONTENT_REFUSED',
  429: 'RATE_LIMITED',
};

/** The common error body of Genesys Cloud; every field may be missing. */
const errorBody = z.looseObject({
  code: z.string().optional().catch(undefined),
  contextId: z.string().optional().catch(undefined),
  details: z.array(z.unknown()).catch([]),
  errors: z.array(z.unknown()).catch([]),
});

const fieldError = z.looseObject({
  fieldName: z.string().optional().catch(undefined),
  errorCode: z.string().optional().catch(undefined),
  code: z.string().optional().catch(undefined),
  message: z.string().optional().catch(undefined),
});

/**
 * Turns an answer that is not 2xx into a typed error (docs/guides.md#status-codes).
 *
 * The message of the error contains only codes and field names of the answer. Free text of the body
 * may quote a customer, so it is left out. The exception is the reasons of a 422 for operations
 * with `reportsReasons`.
 */
export function classify(
  operation: Pick<Operation<never, unknown>, 'name' | 'method' | 'scope' | 'isQuery' | 'reportsReasons'>,
  answer: Answer,
  nowMs: number,
): CodedError {
  const { status } = answer;
  const code = CODE_BY_STATUS[status] ?? (status >= 500 ? 'GENESYS_UNAVAILABLE' : 'GENESYS_REFUSED');
  const body = checked(errorBody, answer.body).data;
  const said = body?.code ? ` ${printable(body.code)}` : '';
  const correlation = body?.contextId ?? answer.headers.get('inin-correlation-id');
  const where = correlation ? ` (correlation id ${printable(correlation)})` : '';
  const scope = code === 'SCOPE_MISSING' ? `; it needs the scope ${operation.scope}` : '';
  const retryAfterMs = parseRetryAfter(answer.headers.get('retry-after'), nowMs);
  return new CodedError(code, `${operation.name}: Genesys Cloud answered ${status}${said}${scope}${where}`, {
    status,
    isUnknown: changesSomething(operation) && mayBeDone(status),
    details: fieldErrors(
      [...(body?.details ?? []), ...(body?.errors ?? [])],
      status === 422 && operation.reportsReasons === true,
    ),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

/** Server errors that mean that the request was not carried out. */
const NOTHING_DONE: ReadonlySet<number> = new Set([500, 501, 503, 505]);

/**
 * Whether the request may have been carried out although the status is not 2xx. This is so if a
 * gateway got no answer itself (502, 504), if the server stopped waiting (408), and for unknown
 * statuses (RFC 9110 §15: a status above 599 counts as 5xx).
 */
function mayBeDone(status: number): boolean {
  return status === 408 || (status >= 500 && !NOTHING_DONE.has(status));
}

function fieldErrors(entries: readonly unknown[], withReasons: boolean): string[] {
  return entries.slice(0, 20).flatMap((entry) => {
    const parsed = checked(fieldError, entry);
    if (!parsed.ok) return [];
    const { fieldName, errorCode, code, message } = parsed.data;
    const text = [fieldName, errorCode ?? code, withReasons ? message : undefined]
      .filter((part) => part !== undefined)
      .join(': ');
    return text === '' ? [] : [printable(text)];
  });
}

/** Makes text from outside safe for logs and terminals: short, and on one line. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 120);
}
