import { setTimeout as delay } from 'node:timers/promises';
import { type BackoffPolicy, fullJitter } from '../core/backoff.ts';
import { messageOf } from '../core/errors.ts';
import type { Logger } from '../observe/logger.ts';
import { createLogThrottle } from '../observe/throttle.ts';
import { isRedisFailure } from '../redis/failure.ts';

/**
 * Retries an act on Redis until it succeeds, as long as the failure may pass: the connection is
 * lost, or Redis is loading, read-only, full or late. A worker writes down an outcome this way
 * before it does anything else. So a Redis that is full for a while causes no second send and loses
 * no callback.
 *
 * It throws any other error at once, because the error would repeat. When `signal` is aborted, it
 * throws the last error.
 */
export type RetryUntilAborted = <Result>(act: () => Promise<Result>, signal: AbortSignal) => Promise<Result>;

const BACKOFF: BackoffPolicy = { baseMs: 200, maxMs: 1000 };

/** Shortest time between two log lines about the same failure, ms. */
const REPORT_EVERY_MS = 30_000;

export function createRetryUntilAborted(logger: Logger): RetryUntilAborted {
  const throttle = createLogThrottle({ logger, everyMs: REPORT_EVERY_MS });

  return async (act, signal) => {
    for (let failures = 1; ; failures++) {
      try {
        return await act();
      } catch (error) {
        if (signal.aborted || !isRedisFailure(error)) throw error;
        throttle.warn({ reason: messageOf(error), failures }, 'redis refuses; the worker tries again');
        await delay(fullJitter(BACKOFF, failures), undefined, { signal }).catch(() => {});
      }
    }
  };
}
