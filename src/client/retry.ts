import { type BackoffPolicy, fullJitter } from '../core/backoff.ts';
import { ApiError, ConnectionError } from './api-error.ts';

export interface RetryPolicy {
  /** Tries after the first one. */
  readonly retries: number;
  /** The longest wait before a try. The client fails when the server asks for a longer one. */
  readonly maxWaitMs: number;
}

const BACKOFF: BackoffPolicy = { baseMs: 200, maxMs: 10_000 };

/** The server did not do what the request asks, and will do it later. */
const NOT_DONE = new Set([429, 503]);
/** The server or a gateway lost the request or its answer. */
const LOST = new Set([408, 502, 504]);

/**
 * How long to wait before the next try; undefined when there is to be none.
 *
 * @param attempt tries before this one, which has just failed.
 * @param isRepeatable whether a second request does no more than the first one.
 */
export function waitBeforeRetry(
  error: unknown,
  attempt: number,
  isRepeatable: boolean,
  { retries, maxWaitMs }: RetryPolicy,
): number | undefined {
  if (attempt >= retries || !isTransient(error, isRepeatable)) return undefined;
  const asked = error instanceof ApiError ? error.retryAfterMs : undefined;
  if (asked !== undefined && asked > maxWaitMs) return undefined;
  return asked ?? Math.min(fullJitter(BACKOFF, attempt + 1), maxWaitMs);
}

function isTransient(error: unknown, isRepeatable: boolean): boolean {
  if (error instanceof ConnectionError) return isRepeatable;
  if (!(error instanceof ApiError)) return false;
  if (NOT_DONE.has(error.status) || error.code === 'IDEMPOTENCY_KEY_IN_USE') return true;
  return isRepeatable && LOST.has(error.status);
}

/** @throws the reason of the signal when it aborts. */
export async function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
