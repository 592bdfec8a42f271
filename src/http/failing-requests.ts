import type { FastifyError, FastifyRequest } from 'fastify';
import { OperatorError, RefusedError } from '../core/errors.ts';
import type { HttpErrorCode } from '../core/http-errors.ts';
import { BodyError } from '../ingest/body-error.ts';
import { ACCEPTED_ENCODINGS } from '../ingest/decode-body.ts';
import type { RedisClient } from '../redis/connect.ts';
import { explainRedisFailure } from '../redis/explain.ts';
import { isOutOfMemory } from '../redis/failure.ts';
import { isReachable } from './failures.ts';
import { ProblemError } from './problem.ts';

/** A caller that waits this long after a 503 finds a restarted Redis, in most cases. */
const RETRY_AFTER_SECONDS = 2;

/** What the framework's own errors mean. They are about the request, and have no words of Redis. */
const OF_STATUS: Readonly<Record<number, HttpErrorCode>> = {
  400: 'REQUEST_UNREADABLE',
  404: 'RESOURCE_UNKNOWN',
  405: 'METHOD_NOT_ALLOWED',
  408: 'REQUEST_TIMEOUT',
  413: 'BODY_TOO_LARGE',
  415: 'MEDIA_TYPE_UNSUPPORTED',
  431: 'HEADERS_TOO_LARGE',
};

/** The problem of a status of the framework. */
export function problemOfStatus(status: number): ProblemError {
  return new ProblemError(OF_STATUS[status] ?? 'REQUEST_UNREADABLE');
}

/**
 * Translates any error of a request into a problem.
 * @param request undefined for one that is answered already, such as a batch.
 * @param onInternal called with an unexpected error, whose text the caller does not see.
 */
export async function problemBehind(
  error: FastifyError | Error,
  request: FastifyRequest | undefined,
  redis: RedisClient,
  onInternal: (error: Error) => void,
): Promise<ProblemError> {
  if (error instanceof ProblemError) return error;
  if (error instanceof BodyError) {
    const accepted = error.code === 'ENCODING_UNSUPPORTED' && {
      headers: { 'accept-encoding': ACCEPTED_ENCODINGS },
    };
    return new ProblemError(error.code, { detail: sentence(error.message), ...accepted });
  }
  if (error instanceof RefusedError) {
    return new ProblemError(error.code, { retryAfterSeconds: RETRY_AFTER_SECONDS });
  }
  const { statusCode = 500, code } = error as FastifyError;
  const isWhole = request?.raw.complete !== false;
  if (code === 'FST_ERR_HANDLER_TIMEOUT')
    return isWhole ? unavailable() : new ProblemError('REQUEST_TIMEOUT');
  if (isOfLeaving(error)) return problemOfStatus(400);
  if (statusCode >= 400 && statusCode < 500) return problemOfStatus(statusCode);
  if (isOutOfMemory(error)) return full();
  if (explainRedisFailure(redis, error) !== undefined) return unavailable();
  if (error instanceof OperatorError && error.failure === 'unavailable') return unavailable();
  if (!(await isReachable(redis))) return unavailable();
  onInternal(error);
  return new ProblemError('SERVER_FAILED');
}

/** The caller has left within its body. That is no failure of the server. */
function isOfLeaving({ message, code }: { message: string; code?: string }): boolean {
  return code === 'ERR_STREAM_PREMATURE_CLOSE' || (code === 'ECONNRESET' && message === 'aborted');
}

export function unavailable(): ProblemError {
  return new ProblemError('REDIS_UNAVAILABLE', { retryAfterSeconds: RETRY_AFTER_SECONDS });
}

export function full(): ProblemError {
  return new ProblemError('REDIS_FULL', { retryAfterSeconds: RETRY_AFTER_SECONDS });
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}
