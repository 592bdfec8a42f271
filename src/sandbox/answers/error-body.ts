import type { Answer } from '../requests/arrival.ts';

/** One detail of an error: an invalid field, or what an operation did not find. */
export interface ErrorDetail {
  errorCode: string;
  fieldName?: string;
  entityId?: string;
  entityName?: string;
}

/** A limit that a request would pass. */
export interface PassedLimit {
  key: string;
  namespace: string;
  value: number;
}

/** One invalid field with the reason, for the 422 of a well-formed body. */
export interface FieldError extends ErrorDetail {
  message: string;
}

/** The parts that differ from error to error. The rest of the body follows from them. */
export interface ErrorParts {
  status: number;
  code: string;
  message: string;
  /** The message with `{name}` instead of each parameter, for an error with parameters. */
  messageWithParams?: string;
  messageParams?: Readonly<Record<string, string>>;
  details?: readonly ErrorDetail[];
  errors?: FieldError[];
  /** The current version, for a conflict of versions. */
  version?: number;
  limit?: PassedLimit;
}

/** An error answer of the API, in the shape of all operations. */
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
    limit,
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
      ...(limit !== undefined && { limit }),
    },
  };
}

/** The 429 of the API, with a `Retry-After` header. */
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

/** The code of an error that has no special code, by its status. */
export function generalCodeOf(status: number): string {
  return generalCodes[status] ?? (status < 500 ? 'client.failed.request' : 'internal.server.error');
}
