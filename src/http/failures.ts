import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyError, FastifyReply } from 'fastify';
import type { RedisClient } from '../redis/connect.ts';
import { explainRedisFailure } from '../redis/explain.ts';

/** What is answered in place of an error that nobody foresaw. Its text may have words of Redis, or of a job, in it. */
export interface Failure {
  readonly status: number;
  readonly error: string;
}

/** Longest time that a request may take, so that its caller hears of a Redis that is silent within five seconds. */
export const HANDLER_TIMEOUT_MS = 4500;
const PING_TIMEOUT_MS = 1000;
const RETRY_AFTER_SECONDS = 5;

const UNAVAILABLE: Failure = {
  status: 503,
  error: 'Redis does not answer at the moment; try again in a few seconds',
};
const INTERNAL: Failure = { status: 500, error: 'the server has failed at this request; its log says more' };

/** What an error means to the one who asked. @param onInternal told of what nobody foresaw. */
export async function failureOf(
  error: FastifyError,
  redis: RedisClient,
  onInternal: (error: Error) => void,
): Promise<Failure> {
  const status = error.statusCode ?? 500;
  if (error.code === 'FST_ERR_HANDLER_TIMEOUT') return UNAVAILABLE;
  // What the framework says of a request has words for its sender, and none of Redis.
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

/** Whether Redis answers. A lost connection queues commands rather than failing them: only a deadline tells. */
export async function isReachable(redis: RedisClient): Promise<boolean> {
  const ping = redis.ping().then(
    () => true,
    () => false,
  );
  return await Promise.race([ping, delay(PING_TIMEOUT_MS, false)]);
}

const WORDS: Readonly<Record<number, string>> = {
  400: 'the request cannot be read',
  404: 'there is nothing here',
  405: 'this cannot be done here',
  413: 'the request is too large',
  415: 'the content type of the request is not one that is taken here',
};

export function wordsFor(status: number): string {
  return WORDS[status] ?? 'the request cannot be served';
}
