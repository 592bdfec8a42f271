import type { Answer } from '../requests/arrival.ts';

/** One field that was found wrong. */
export interface ErrorDetail {
  errorCode: string;
  fieldName: string;
}

/** One field that was found wrong, with the reason: a body that is well-formed and yet refused has these. */
export interface FieldError extends ErrorDetail {
  message: string;
}

/** The parts of an error that differ; the rest of Genesys' error body is made of them. */
export interface ErrorParts {
  status: number;
  code: string;
  message: string;
  /** The message with `{name}` in the place of each parameter, for errors that have parameters. */
  messageWithParams?: string;
  messageParams?: Record<string, string>;
  details?: ErrorDetail[];
  errors?: FieldError[];
  /** The current version of what a request wanted to change, where that is the conflict. */
  version?: number;
}

/** An error answer of the API, in the shape that all its operations share. */
export function errorAnswer(correlationId: string, parts: ErrorParts): Answer {
  const {
    status,
    code,
    message,
    messageWithParams,
    messageParams,
    details = [],
    errors = [],
    version,
  } = parts;
  const template = messageWithParams === undefined ? {} : { messageWithParams, messageParams };
  return {
    status,
    body: {
      message,
      code,
      status,
      ...template,
      contextId: correlationId,
      details,
      errors,
      ...(version !== undefined && { version }),
    },
  };
}

/** The API's 429, with the header that says when to come back. */
export function tooManyRequests(correlationId: string, retryAfterSeconds: number): Answer {
  const answer = errorAnswer(correlationId, {
    status: 429,
    code: 'too.many.requests.retry.after',
    message: `Rate limit exceeded the maximum. Retry the request in [${retryAfterSeconds}] seconds`,
  });
  return { ...answer, headers: { 'retry-after': String(retryAfterSeconds) } };
}

const generalCodes: Record<number, string> = {
  400: 'bad.request',
  401: 'authentication.required',
  403: 'missing.permissions',
  404: 'not.found',
  408: 'client.timeout',
  409: 'request.conflict',
  413: 'request.entity.too.large',
  415: 'unsupported.media.type',
  422: 'validation.failed',
  429: 'too.many.requests',
  500: 'internal.server.error',
  503: 'service.unavailable',
  504: 'request.timeout',
};

/** The code that nearly all operations give for a status. */
export function generalCodeOf(status: number): string {
  return generalCodes[status] ?? (status < 500 ? 'client.failed.request' : 'internal.server.error');
}
