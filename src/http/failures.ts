import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyError, FastifyReply } from 'fastify';
import type { RedisClient } from '../redis/connect.ts';
import { explainRedisFailure } from '../redis/explain.ts';

/** The answer to an unexpected error. The error's own text may hold words of Redis or of a job. */
export interface Failure {
  readonly status: number;
  readonly error: string;
}

/** Longest time for a request, so that its caller learns of a silent Redis within five seconds. */
export const HANDLER_TIMEOUT_MS = 4500;
const PING_TIMEOUT_MS = 1000;
const RETRY_AFTER_SECONDS = 5;

const UNAVAILABLE: Failure = {
  status: 503,
  error: 'Redis does not answer; try again in a few seconds',
};
const INTERNAL: Failure = { status: 500, error: 'the server failed; its log has the reason' };

/**
 * Translates an error into an answer.
 * @param onInternal called with an unexpected error.
 */
export async function failureOf(
  error: FastifyError,
  redis: RedisClient,
  onInternal: (error: Error) => void,
): Promise<Failure> {
  const status = error.statusCode ?? 500;
  if (error.code === 'FST_ERR_HANDLER_TIMEOUT') return UNAVAILABLE;
  // The framework's own errors are about the request, and have no words of Redis.
  if (status >= 400 && status < 500) return { status, error: wordsFor(status) };
  if (explainRedisFailure(redis, error) !== undefined) return UNAVAILABLE;
  if (!(await isReachable(redis))) return UNAVAILABLE;
  onInternal(error);
  return INTERNAL;
}

export function sendFailure(reply: FastifyReply, { status, error }: Failure): FastifyReply {
  if (status === 503) reply.header('retry-after', RETRY_AFTER_SECONDS);
  return reply.code(status).send({ error });
}

/**
 * Whether Redis answers; of a cluster, every master. A client without a connection queues commands, so
 * only a deadline shows it.
 */
export async function isReachable(redis: RedisClient): Promise<boolean> {
  const ping = redis
    .ofMasters((master) => master.ping())
    .then(
      () => true,
      () => false,
    );
  return await Promise.race([ping, delay(PING_TIMEOUT_MS, false)]);
}

const WORDS: Readonly<Record<number, string>> = {
  400: 'cannot read the request',
  404: 'there is no such page',
  405: 'this method is not allowed here',
  413: 'the request is too large',
  415: 'the content type of the request is not supported',
};

export function wordsFor(status: number): string {
  return WORDS[status] ?? 'cannot serve the request';
}
