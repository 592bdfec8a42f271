import { z } from 'zod';
import { checked } from '../core/checked.ts';
import { CodedError, type ErrorCode } from '../core/errors.ts';
import { parseRetryAfter } from '../core/retry-after.ts';
import type { AnswerHeaders } from '../outbound/answer.ts';
import { correlated, correlationIdOf } from './correlation.ts';
import { oneLine } from './one-line.ts';
import { changesSomething, type Operation } from './operation.ts';

/** The parts of an answer that decide what it means. */
export interface Answer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  /** The parsed body; undefined if it is not JSON. */
  readonly body: unknown;
}

/** What an error body says beside its status. */
type ErrorBody = z.output<typeof errorBody>;

const CODE_BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: 'CONTENT_REFUSED',
  401: 'CREDENTIALS_REFUSED',
  403: 'SCOPE_MISSING',
  404: 'NOT_FOUND',
  408: 'GENESYS_UNAVAILABLE',
  409: 'CONFLICT',
  413: 'CONTENT_REFUSED',
  415: 'CONTENT_REFUSED',
  422: 'CONTENT_REFUSED',
  429: 'RATE_LIMITED',
};

/** The common error body of Genesys Cloud; every field may be missing. */
const errorBody = z.looseObject({
  code: z.string().optional().catch(undefined),
  contextId: z.string().optional().catch(undefined),
  details: z.array(z.unknown()).catch([]),
  errors: z.array(z.unknown()).catch([]),
  limit: z
    .looseObject({ key: z.string(), namespace: z.string().optional(), value: z.number().optional() })
    .optional()
    .catch(undefined),
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
  operation: Pick<
    Operation<never, unknown>,
    'name' | 'method' | 'scope' | 'permissions' | 'codes' | 'isQuery' | 'reportsReasons'
  >,
  answer: Answer,
  nowMs: number,
): CodedError {
  const { status } = answer;
  const body = checked(errorBody, answer.body).data;
  const code = codeOf(operation, status, body);
  const said = body?.code ? ` ${oneLine(body.code)}` : '';
  const { where, option } = correlated(correlationIdOf(answer.headers, body));
  const retryAfterMs = parseRetryAfter(answer.headers.get('retry-after'), nowMs);
  return new CodedError(
    code,
    `${operation.name}: Genesys Cloud answered ${status}${said}${needs(code, operation)}${where}`,
    {
      status,
      ...option,
      isUnknown: changesSomething(operation) && mayBeDone(status),
      details: [
        ...fieldErrors(
          [...(body?.details ?? []), ...(body?.errors ?? [])],
          status === 422 && operation.reportsReasons === true,
        ),
        ...limitOf(body),
      ],
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    },
  );
}

/**
 * Statuses that a code makes more precise. Any other status decides alone: a 429 pauses and a 503 is
 * tried again, whatever code a gateway puts into the body.
 */
const REFINED: ReadonlySet<number> = new Set([400, 403, 404, 409]);

/** Statuses whose body may name a limit of the organization that the request met. */
const LIMITED: ReadonlySet<number> = new Set([400, 403, 409]);

/** Codes that mean the same for every operation. */
const CODES: Readonly<Record<string, ErrorCode>> = {
  'resource.limit.exceeded': 'LIMIT_REACHED',
  'organization.outbound.usage.limit.exceeded': 'LIMIT_REACHED',
  'conversation.message.limit.exceeded': 'LIMIT_REACHED',
};

/**
 * The status decides first. Then the code of the body does, then the codes of its details, and then
 * its limit.
 */
function codeOf(
  { codes, permissions }: Pick<Operation<never, unknown>, 'codes' | 'permissions'>,
  status: number,
  body: ErrorBody | undefined,
): ErrorCode {
  if (body && REFINED.has(status)) {
    const meanings = new Map(Object.entries({ ...CODES, ...codes }));
    const known = codesIn(body).flatMap((code) => meanings.get(code) ?? [])[0];
    if (known) return known;
    if (body.limit && LIMITED.has(status)) return 'LIMIT_REACHED';
  }
  if (status === 403 && permissions) return 'PERMISSION_MISSING';
  return CODE_BY_STATUS[status] ?? (status >= 500 ? 'GENESYS_UNAVAILABLE' : 'GENESYS_REFUSED');
}

function codesIn({ code, details }: ErrorBody): string[] {
  const detailed = details.slice(0, MAX_DETAILS).map((entry) => checked(fieldError, entry).data?.errorCode);
  return [code, ...detailed].filter((each) => each !== undefined);
}

/** What the OAuth client lacks, for the errors that say so. */
function needs(
  code: ErrorCode,
  { scope, permissions }: Pick<Operation<never, unknown>, 'scope' | 'permissions'>,
): string {
  if (code === 'SCOPE_MISSING') return `; it needs the scope ${scope}`;
  if (code !== 'PERMISSION_MISSING' || !permissions || permissions.names.length === 0) return '';
  const { names, any } = permissions;
  return `; it needs the permission ${names.join(any ? ' or ' : ' and ')}`;
}

/** The limit of the organization that a request met. */
function limitOf(body: ErrorBody | undefined): string[] {
  if (!body?.limit) return [];
  const { key, namespace, value } = body.limit;
  const name = namespace === undefined ? key : `${namespace} ${key}`;
  return [oneLine(`limit ${name}${value === undefined ? '' : `: ${value}`}`)];
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

/** Entries of a list that are read. */
const MAX_DETAILS = 20;

function fieldErrors(entries: readonly unknown[], withReasons: boolean): string[] {
  return entries.slice(0, MAX_DETAILS).flatMap((entry) => {
    const parsed = checked(fieldError, entry);
    if (!parsed.ok) return [];
    const { fieldName, errorCode, code, message } = parsed.data;
    const text = [fieldName, errorCode ?? code, withReasons ? message : undefined]
      .filter((part) => part !== undefined)
      .join(': ');
    return text === '' ? [] : [oneLine(text)];
  });
}
