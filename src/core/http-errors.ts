import type { ErrorCode, RefusalCode } from './errors.ts';

interface HttpErrorEntry {
  readonly status: number;
  /** The same for every occurrence. */
  readonly title: string;
  /** What the caller can do. */
  readonly hint: string;
}

/**
 * The errors of the HTTP API that no job has. A job has its errors in `errors.ts`. Problem documents,
 * docs/errors.md and the pages under `/errors` come from both tables.
 */
export const HTTP_ERRORS = {
  REQUEST_UNREADABLE: {
    status: 400,
    title: 'The server cannot read the request',
    hint: 'Send HTTP/1.1 with an address and headers that can be decoded.',
  },
  BODY_UNREADABLE: {
    status: 400,
    title: 'The body is not JSON in UTF-8',
    hint: 'Send one JSON value in UTF-8, with `Content-Type: application/json`.',
  },
  BODY_DAMAGED: {
    status: 400,
    title: 'The compressed body is broken',
    hint: 'Send the whole body again, compressed with `gzip` or `zstd`, or as it is.',
  },
  PARAMETERS_INVALID: {
    status: 400,
    title: 'A parameter of the address is wrong',
    hint: 'Correct the parameters that `errors` names.',
  },
  IDEMPOTENCY_KEY_INVALID: {
    status: 400,
    title: 'The header Idempotency-Key cannot be used',
    hint: 'Send 1 to 200 printable characters without white space, in double quotes or without them.',
  },
  KEY_MISSING: {
    status: 401,
    title: 'The request has no API key',
    hint: 'Send `Authorization: Bearer gwm_live_…`, or `X-API-Key`. `gwm keys create` makes a key.',
  },
  KEY_UNKNOWN: {
    status: 401,
    title: 'There is no such API key',
    hint: 'Check the key for typing errors. It may have expired, or an operator revoked it.',
  },
  LOGIN_ENDED: {
    status: 401,
    title: 'The login has ended',
    hint: 'Log in again. A login ends after LOGIN_IDLE_TIMEOUT without a request, after LOGIN_LIFETIME, and with its API key.',
  },
  KEY_SCOPE_MISSING: {
    status: 403,
    title: 'The API key lacks a scope',
    hint: 'Use a key with the scope that the problem names: `gwm keys list` shows the scopes of each key.',
  },
  PAGE_TOKEN_WRONG: {
    status: 403,
    title: 'The request of a login lacks the page token',
    hint: 'Send `X-Page-Token` with `pageToken` of `GET /v1/login`. A program sends its API key instead of a cookie.',
  },
  CROSS_SITE_REFUSED: {
    status: 403,
    title: 'A page of another site sent the request',
    hint: 'Call the API from a program, or from a page of the same origin.',
  },
  RESOURCE_UNKNOWN: {
    status: 404,
    title: 'There is no such resource',
    hint: 'Check the address and the id. The API key may not belong to the tenant of the resource.',
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    title: 'The address does not take this method',
    hint: 'Use a method that the header `Allow` names.',
  },
  REQUEST_TIMEOUT: {
    status: 408,
    title: 'The request did not arrive in time',
    hint: 'Send the request again.',
  },
  IDEMPOTENCY_KEY_IN_USE: {
    status: 409,
    title: 'A request with this idempotency key is under way',
    hint: 'Wait for its answer, or send the request again a second later.',
  },
  JOB_NOT_CANCELLABLE: {
    status: 409,
    title: 'The job cannot be cancelled',
    hint: 'A job that has ended stays as it is. A request under way cannot be taken back.',
  },
  JOB_NOT_RETRYABLE: {
    status: 409,
    title: 'The job cannot be sent again',
    hint: 'Only a dead letter is sent again, and never a job that was delivered.',
  },
  CALLBACK_NOT_REPLAYABLE: {
    status: 409,
    title: 'The callback cannot be sent again now',
    hint: 'It is under way, or its endpoint is disabled. Enable the endpoint first.',
  },
  TENANTS_FILE_WRONG: {
    status: 409,
    title: 'The tenants file is wrong',
    hint: 'Correct the file that TENANTS_FILE names. The tenants stay as they were. The log has the reason.',
  },
  BODY_TOO_LARGE: {
    status: 413,
    title: 'The body is too large',
    hint: 'Send at most 1 MiB per job; send many jobs with `POST /v1/batch`.',
  },
  BATCH_TOO_LARGE: {
    status: 413,
    title: 'The request has too many events',
    hint: 'Send at most 1,000 events in one request.',
  },
  MEDIA_TYPE_UNSUPPORTED: {
    status: 415,
    title: 'The address does not take this content type',
    hint: 'The API document at `/openapi.json` lists the content types of each operation.',
  },
  ENCODING_UNSUPPORTED: {
    status: 415,
    title: 'The address does not take this content encoding',
    hint: 'Send the body as it is. `POST /v1/batch` also takes `gzip` and `zstd`.',
  },
  REQUEST_INVALID: {
    status: 422,
    title: 'The body is not valid',
    hint: 'Correct the fields that `errors` names.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    title: 'The idempotency key belongs to another body',
    hint: 'Use a new key for a new job. A repeated request has the body of the first one.',
  },
  IDEMPOTENCY_KEYS_DIFFER: {
    status: 422,
    title: 'The header and the body have different idempotency keys',
    hint: 'Send the key in one of the two places, or the same key in both.',
  },
  IDEMPOTENCY_KEY_MISPLACED: {
    status: 422,
    title: 'A batch takes no header Idempotency-Key',
    hint: 'Leave out the header, and give each line an `idempotencyKey` of its own.',
  },
  TOO_MANY_LOGINS: {
    status: 429,
    title: 'Too many logins were wrong',
    hint: 'Log in again after the seconds of `Retry-After`. The secrets of API keys go on to work for programs.',
  },
  QUOTA_EXCEEDED: {
    status: 429,
    title: 'The API key has used up its quota',
    hint: 'Wait for the seconds of `Retry-After`. `POST /v1/batch` counts as one request.',
  },
  TOO_MANY_STREAMS: {
    status: 429,
    title: 'Too many event streams are open',
    hint: 'Close a stream, or ask for the state of the job. HTTP_MAX_STREAMS and HTTP_KEY_SHARE are the limits.',
  },
  TOO_MANY_BATCHES: {
    status: 429,
    title: 'The server handles too many batches',
    hint: 'Send the batch again after the seconds of `Retry-After`. HTTP_MAX_BATCHES and HTTP_KEY_SHARE are the limits.',
  },
  TOO_MANY_ACTS: {
    status: 429,
    title: 'The server carries out too many acts on many jobs',
    hint: 'Repeat the act after the seconds of `Retry-After`. HTTP_MAX_BULK_ACTS and HTTP_KEY_SHARE are the limits.',
  },
  HEADERS_TOO_LARGE: {
    status: 431,
    title: 'The headers are too large',
    hint: 'Send at most 16 KiB of headers.',
  },
  SERVER_FAILED: {
    status: 500,
    title: 'The server failed',
    hint: 'The log of `gwm serve` has the reason. Please report it.',
  },
  REDIS_UNAVAILABLE: {
    status: 503,
    title: 'Redis does not answer',
    hint: 'Send the request again after the seconds of `Retry-After`, with the same idempotency key.',
  },
} as const satisfies Record<string, HttpErrorEntry>;

export type HttpErrorCode = keyof typeof HTTP_ERRORS;

/** Codes of jobs and of producers that are the answer to a request as well. */
export const JOB_ERRORS_OVER_HTTP = {
  JOB_INVALID: { status: 422, title: 'The job is not valid' },
  CAPABILITY_UNAVAILABLE: { status: 422, title: 'The tenant cannot send such a job' },
  BACKLOG_FULL: { status: 429, title: 'Too many jobs of the tenant wait' },
  REDIS_FULL: { status: 503, title: 'Redis has no memory left for jobs' },
} as const satisfies Partial<Record<ErrorCode | RefusalCode, Pick<HttpErrorEntry, 'status' | 'title'>>>;

/** The code of a problem document. */
export type ProblemCode = HttpErrorCode | keyof typeof JOB_ERRORS_OVER_HTTP;

export function isHttpErrorCode(text: string): text is HttpErrorCode {
  return Object.hasOwn(HTTP_ERRORS, text);
}

/** Status and title of a problem. */
export function problemEntry(code: ProblemCode): { readonly status: number; readonly title: string } {
  return isHttpErrorCode(code) ? HTTP_ERRORS[code] : JOB_ERRORS_OVER_HTTP[code];
}
