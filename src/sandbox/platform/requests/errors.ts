import { type ErrorDetail, errorAnswer, type PassedLimit } from '../../answers/error-body.ts';
import type { Answer } from '../../requests/arrival.ts';

/** An error before it becomes an answer. An operation returns it instead of a result. */
export class PlatformError {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly details: readonly ErrorDetail[];
  readonly template: Template | undefined;
  readonly limit: PassedLimit | undefined;

  constructor(status: number, code: string, message: string, more: ErrorParts = {}) {
    this.status = status;
    this.code = code;
    this.message = message;
    this.details = more.details ?? [];
    this.template = more.template;
    this.limit = more.limit;
  }
}

interface Template {
  readonly messageWithParams: string;
  readonly messageParams: Readonly<Record<string, string>>;
}

interface ErrorParts {
  readonly details?: readonly ErrorDetail[];
  readonly template?: Template;
  readonly limit?: PassedLimit;
}

/** The answer of an error, in the shape that the whole API has. */
export function answerOf(error: PlatformError, correlationId: string): Answer {
  const { status, code, message, details, template, limit } = error;
  return errorAnswer(correlationId, { status, code, message, ...template, details, ...(limit && { limit }) });
}

// The codes and messages that the platform declares for nearly every operation.
const declared: Readonly<Record<number, readonly [code: string, message: string]>> = {
  400: ['bad.request', 'The request could not be understood by the server due to malformed syntax.'],
  401: ['authentication.required', 'No authentication bearer token specified in authorization header.'],
  403: ['not.authorized', 'You are not authorized to perform the requested action.'],
  404: ['not.found', 'The requested resource was not found.'],
  408: ['client.timeout', 'The client did not produce a request within the server timeout limit.'],
  409: ['request.conflict', 'The request conflicts with the current state of the target resource.'],
  413: ['request.entity.too.large', 'The request is over the size limit. Maximum bytes: 512000'],
  415: ['unsupported.media.type', 'Unsupported Media Type - Unsupported or incorrect media type.'],
  429: ['too.many.requests', 'Rate limit exceeded the maximum'],
  500: ['internal.server.error', 'The server encountered an unexpected condition.'],
  503: ['service.unavailable', 'Service Unavailable - The server is currently unavailable.'],
  504: ['request.timeout', 'The request timed out.'],
};

/** The error of a status that has no special code. */
export function generalError(status: number, message?: string): PlatformError {
  const [code, text] = declared[status] ?? declared[status < 500 ? 400 : 500] ?? ['bad.request', ''];
  return new PlatformError(status, code, message ?? text);
}

export function notFound(): PlatformError {
  return generalError(404);
}

/** The 403 of a client that lacks permissions. */
export function missingPermissions(missing: readonly string[]): PlatformError {
  const start = 'Unable to perform the requested action. You are missing the following permission(s): ';
  return withPermissions('missing.permissions', start, missing);
}

/** The 403 of a client that has no permission of several. */
export function missingAnyPermission(wanted: readonly string[]): PlatformError {
  const start =
    'Unable to perform the requested action. You must have at least one of the following permissions assigned: ';
  return withPermissions('missing.any.permissions', start, wanted);
}

function withPermissions(code: string, start: string, permissions: readonly string[]): PlatformError {
  const list = permissions.join(', ');
  return new PlatformError(403, code, start + list, {
    template: { messageWithParams: `${start}{permissions}`, messageParams: { permissions: list } },
  });
}

/** The 400 of a query parameter with a value that is not allowed. */
export function invalidParameter(name: string, value: string, allowed: string): PlatformError {
  const message = `Value [${value}] is not valid for parameter [${name}]. Allowable values are: ${allowed}`;
  return new PlatformError(400, 'invalid.query.param.value', message, {
    details: [{ errorCode: 'invalid.query.param.value', fieldName: name }],
  });
}

/** The 400 of a field with a value that is not allowed. */
export function invalidValue(fieldName: string, value: unknown, allowed: string): PlatformError {
  const message = `Value [${value}] is not valid for field type [${fieldName}]. Allowable values are: ${allowed}`;
  return new PlatformError(400, 'invalid.value', message, {
    details: [{ errorCode: 'invalid.value', fieldName }],
  });
}

/** The 400 of a field that breaks a rule. @param rule such as `must not be longer than 100 characters` */
export function brokenRule(fieldName: string, rule: string, limit?: PassedLimit): PlatformError {
  const code = 'constraint.validation';
  return new PlatformError(400, code, `${fieldName} ${rule}`, {
    details: [{ errorCode: code, fieldName }],
    ...(limit && { limit }),
  });
}

/** The 400 of more resources than the organization may have. */
export function resourceLimitExceeded(limit: PassedLimit): PlatformError {
  const message = 'The maximum number of resources has been exceeded';
  return new PlatformError(400, 'resource.limit.exceeded', message, { limit });
}
