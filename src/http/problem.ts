import type { FastifyReply, FastifyRequest } from 'fastify';
import { type ProblemCode, problemEntry } from '../core/http-errors.ts';
import type { Issue } from '../core/issues.ts';
import type { BasePath } from './base-path.ts';
import { announceEarlyEnd } from './early-end.ts';
import { type FieldError, fieldErrorOf } from './pointer.ts';

export const PROBLEM_TYPE = 'application/problem+json';

/** A problem document (RFC 9457). */
export interface Problem {
  /** Address of the page about the code, on this server. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ProblemCode;
  readonly detail?: string;
  readonly errors?: readonly (FieldError | { readonly detail: string; readonly parameter?: string })[];
  readonly [extension: string]: unknown;
}

export interface ProblemOptions {
  /** One sentence in our words: never a value of the caller. */
  readonly detail?: string | undefined;
  /** Issues of the body. */
  readonly issues?: readonly Issue[];
  /** Issues of parameters of the address. */
  readonly parameters?: readonly Issue[];
  readonly retryAfterSeconds?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** An expected failure of a request. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly code: ProblemCode;
  readonly statusCode: number;
  readonly options: ProblemOptions;
  constructor(code: ProblemCode, options: ProblemOptions = {}) {
    super(options.detail ?? problemEntry(code).title);
    this.code = code;
    this.statusCode = problemEntry(code).status;
    this.options = options;
  }
}

export function problemOf(code: ProblemCode, basePath: string, options: ProblemOptions = {}): Problem {
  const { detail, issues = [], parameters = [], extensions } = options;
  const errors = [
    ...issues.map(fieldErrorOf),
    ...parameters.map(({ path, message }) => ({ detail: message, ...(path !== '' && { parameter: path }) })),
  ];
  const { status, title } = problemEntry(code);
  return {
    type: `${basePath}/errors/${code}`,
    title,
    status,
    code,
    ...(detail !== undefined && { detail }),
    ...(errors.length > 0 && { errors }),
    ...extensions,
  };
}

/** Answers with a problem document. */
export function sendProblem(
  reply: FastifyReply,
  request: FastifyRequest,
  { code, options }: ProblemError,
  basePath: BasePath,
): FastifyReply {
  const problem = problemOf(code, basePath.of(request.raw), options);
  reply.headers(options.headers ?? {});
  if (options.retryAfterSeconds !== undefined) reply.header('retry-after', options.retryAfterSeconds);
  announceEarlyEnd(request, reply);
  return reply
    .code(problem.status)
    .type(PROBLEM_TYPE)
    .serializer((payload) => (typeof payload === 'string' ? payload : JSON.stringify(payload)))
    .send(problem);
}
