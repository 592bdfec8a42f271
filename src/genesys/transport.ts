import ky, { type KyInstance } from 'ky';
import { Agent } from 'undici';

export interface Timeouts {
  readonly connectTimeoutMs: number;
  readonly requestTimeoutMs: number;
}

/** HTTP to Genesys Cloud: pooled connections, time-outs, and nothing retried behind our back. */
export interface Transport {
  readonly http: KyInstance;
  close(): Promise<void>;
}

const CONNECTIONS_PER_HOST = 256;

/** Aborts when the time for one request is over, or when `signal` does. */
export function deadline(requestTimeoutMs: number, signal?: AbortSignal): AbortSignal {
  const timeout = AbortSignal.timeout(requestTimeoutMs);
  return signal ? AbortSignal.any([timeout, signal]) : timeout;
}

export function createTransport({ connectTimeoutMs, requestTimeoutMs }: Timeouts): Transport {
  const agent = new Agent({
    connections: CONNECTIONS_PER_HOST,
    connect: { timeout: connectTimeoutMs },
    headersTimeout: requestTimeoutMs,
    bodyTimeout: requestTimeoutMs,
    keepAliveTimeout: 30_000,
  });
  // The same class under the types of two packages: undici's own, and those that Node's fetch is typed with.
  const dispatcher = agent as unknown as NonNullable<RequestInit['dispatcher']>;
  const http = ky.create({
    // The queue owns retries: two owners would multiply the attempts.
    retry: 0,
    // Callers pass a deadline that covers the body as well; ky's own ends with the head of the answer.
    timeout: false,
    throwHttpErrors: false,
    redirect: 'manual',
    fetch: (input, init) => fetch(input, { ...init, dispatcher }),
  });
  return {
    http,
    // Not `close`: it would wait for answers that may never come.
    close: () => agent.destroy(),
  };
}

/**
 * Why a request got no answer, in a few words: codes and names only. The text of such an error may quote what was
 * sent.
 */
export function describeNetworkFailure(error: unknown, requestTimeoutMs: number): string {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause.name === 'TimeoutError') return `no answer within ${requestTimeoutMs} ms`;
    if (cause.name === 'AbortError') return 'given up by this worker';
    const { code } = cause as NodeJS.ErrnoException;
    if (typeof code === 'string') return code;
  }
  return error instanceof Error ? error.name : 'unknown failure';
}
