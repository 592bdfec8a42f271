import ky from 'ky';
import { Agent } from 'undici';
import type { Answer } from './answer.ts';
import { createConnector, createForwardConnector } from './connector.ts';
import { ACCEPT_ENCODING } from './decode.ts';
import { exchange } from './exchange.ts';
import type { GuardOptions } from './guard.ts';
import { MAX_HEAD_BYTES } from './head.ts';
import type { Proxies, WayOut } from './proxies.ts';
import { NoAnswerError } from './sent.ts';
import { TargetRefusedError } from './target.ts';
import { ProxyFailure } from './tunnel.ts';

export interface TransportOptions {
  readonly connectTimeoutMs: number;
  readonly requestTimeoutMs: number;
  /** What is read of an answer, once it is decoded; the rest is left. */
  readonly maxAnswerBytes: number;
  /** `User-Agent` of every request. */
  readonly userAgent: string;
  /** Where requests may go; anywhere without it, for addresses that only operators write. */
  readonly guard?: GuardOptions;
  /** By which requests leave; all of them directly without it. */
  readonly proxies?: Proxies | undefined;
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
   * @throws what `isTargetRefused` and `wasSent` tell, and `describeNetworkFailure` puts into words
   */
  send(url: URL | string, request: OutboundRequest): Promise<Answer>;
  close(): Promise<void>;
}

/**
 * What ky hands to `fetch` beside the request: the options that it does not know. As a stream and a signal of the
 * request itself they would cost more than all the rest, and be left to the garbage collector in weak references.
 */
type Extras = Pick<OutboundRequest, 'content' | 'deadline'>;

const CONNECTIONS_PER_HOST = 256;

export function createTransport(options: TransportOptions): Transport {
  const { maxAnswerBytes, guard, proxies, userAgent } = options;
  const agent = createAgent(options, createConnector(options));
  const forwarding = proxies && !guard ? createForwarding(options, proxies) : undefined;

  async function fetch(request: Request, { content, deadline }: Extras): Promise<Answer> {
    const url = new URL(request.url);
    const { origin, pathname, search } = url;
    const { method } = request;
    const headers = Object.fromEntries(request.headers);
    const outgoing = { method, content, deadline, maxAnswerBytes };
    const proxy = forwarding?.proxyOf(url);
    if (forwarding && proxy) return await forwarding.send(proxy, { ...outgoing, url, headers });
    return await exchange({ ...outgoing, dispatcher: agent, origin, path: `${pathname}${search}`, headers });
  }

  const http = ky.create({
    // The queue owns retries: two owners would multiply the attempts.
    retry: 0,
    // Callers have a deadline that covers the body as well.
    timeout: false,
    throwHttpErrors: false,
    headers: { 'user-agent': userAgent, 'accept-encoding': ACCEPT_ENCODING },
    // ky hands over the request that it has built, and the options that it does not know; what is no web `Response` it hands
    // back as it is. A web `Response` cannot have a status such as 600, nor a header with any byte.
    fetch: (input, extras) => fetch(input as Request, extras as unknown as Extras) as Promise<never>,
  });
  return {
    async send(url, request) {
      if (guard?.target.issueOf(String(url)) !== undefined) throw new TargetRefusedError();
      return (await http(url, request)) as unknown as Answer;
    },
    // Not `close`: it would wait for answers that may never come.
    async close() {
      await Promise.all([agent.destroy(), forwarding?.close()]);
    },
  };
}

function createAgent(
  { requestTimeoutMs }: Pick<TransportOptions, 'requestTimeoutMs'>,
  connect: ReturnType<typeof createConnector>,
): Agent {
  return new Agent({
    connections: CONNECTIONS_PER_HOST,
    connect,
    headersTimeout: requestTimeoutMs,
    bodyTimeout: requestTimeoutMs,
    keepAliveTimeout: 30_000,
    // The heads of answers are bounded where they are read (wire.ts).
    maxHeaderSize: 2 * MAX_HEAD_BYTES,
  });
}

interface Forwarded extends Extras {
  readonly url: URL;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly maxAnswerBytes: number;
}

/** Requests for plain `http://` addresses are handed to their proxy whole: few let one tunnel to a port other than 443. */
function createForwarding(options: TransportOptions, proxies: Proxies) {
  const agent = createAgent(options, createForwardConnector(options.connectTimeoutMs));
  return {
    proxyOf: (url: URL) => (url.protocol === 'http:' ? proxies.of(url) : undefined),
    async send(proxy: WayOut, { url, headers, ...outgoing }: Forwarded): Promise<Answer> {
      const { origin, pathname, search, host } = url;
      const answer = await exchange({
        ...outgoing,
        dispatcher: agent,
        origin: originOf(proxy),
        path: `${origin}${pathname}${search}`,
        headers: {
          ...headers,
          host,
          ...(proxy.authorization !== undefined && { 'proxy-authorization': proxy.authorization }),
        },
      });
      // The proxy's own: nothing reached the host.
      if (answer.status === 407) throw new NoAnswerError(false, new ProxyFailure(proxy, 'answered 407'));
      return answer;
    },
    close: () => agent.destroy(),
  };
}

function originOf({ protocol, hostname, port }: WayOut): string {
  return new URL(`${protocol}//${hostname.includes(':') ? `[${hostname}]` : hostname}:${port}`).origin;
}

/**
 * Why a request got no answer, in a few words: codes and names only. The text of such an error may quote what was
 * sent.
 */
export function describeNetworkFailure(error: unknown, requestTimeoutMs: number): string {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof ProxyFailure) return cause.message;
    if (cause.name === 'TimeoutError') return `no answer within ${requestTimeoutMs} ms`;
    if (cause.name === 'AbortError') return 'given up by this worker';
    const { code } = cause as NodeJS.ErrnoException;
    if (typeof code === 'string') return code;
  }
  return error instanceof Error ? error.name : 'unknown failure';
}
