import ky from 'ky';
import { Agent } from 'undici';
import { createFetch, type FetchExtras } from './fetch.ts';
import { type GuardOptions, guardedConnector } from './guard.ts';
import { TargetRefusedError } from './target.ts';

export interface TransportOptions {
  readonly connectTimeoutMs: number;
  readonly requestTimeoutMs: number;
  /** What is read of an answer; the rest is left. */
  readonly maxAnswerBytes: number;
  /** Where requests may go; anywhere without it, for addresses that only operators write. */
  readonly guard?: GuardOptions;
}

export interface OutboundRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The body as it is sent; its type stands in the headers. */
  readonly content?: string | undefined;
  /** Ends the whole exchange, the body of the answer included. */
  readonly deadline: AbortSignal;
}

/** HTTP to others: pooled connections, time-outs, bounded answers, no redirects, and nothing retried behind our back. */
export interface Transport {
  /**
   * @returns the answer, whatever its status.
   * @throws what `isTargetRefused` tells, and `describeNetworkFailure` puts into words
   */
  send(url: URL | string, request: OutboundRequest): Promise<Response>;
  close(): Promise<void>;
}

const CONNECTIONS_PER_HOST = 256;

export function createTransport({
  connectTimeoutMs,
  requestTimeoutMs,
  maxAnswerBytes,
  guard,
}: TransportOptions): Transport {
  const agent = new Agent({
    connections: CONNECTIONS_PER_HOST,
    connect: guard ? guardedConnector(guard, connectTimeoutMs) : { timeout: connectTimeoutMs },
    headersTimeout: requestTimeoutMs,
    bodyTimeout: requestTimeoutMs,
    keepAliveTimeout: 30_000,
  });
  const fetch = createFetch(agent, maxAnswerBytes);
  const http = ky.create({
    // The queue owns retries: two owners would multiply the attempts.
    retry: 0,
    // Callers have a deadline that covers the body as well.
    timeout: false,
    throwHttpErrors: false,
    // ky hands over the request that it has built, and the options that it does not know.
    fetch: (input, extras) => fetch(input as Request, extras as FetchExtras),
  });
  return {
    async send(url, request) {
      if (guard?.target.faultOf(String(url)) !== undefined) throw new TargetRefusedError();
      return await http(url, request);
    },
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
