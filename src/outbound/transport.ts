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
  /** Longest decoded body that is read. The rest is not read. */
  readonly maxAnswerBytes: number;
  /** `User-Agent` of every request. */
  readonly userAgent: string;
  /** Checks destinations. Leave it out only for addresses that operators write. */
  readonly guard?: GuardOptions;
  /** Proxies of requests. Without it all requests go directly. */
  readonly proxies?: Proxies | undefined;
}

export interface OutboundRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The body. The headers must name its type. */
  readonly content?: string | Uint8Array | undefined;
  /** The answer has its body as bytes, fewer than so many, and not as a text. */
  readonly bytesUpTo?: number | undefined;
  /** Longest decoded body of the answer; that of the transport by default. */
  readonly maxAnswerBytes?: number | undefined;
  /** Ends the whole exchange, including the body of the answer. */
  readonly deadline: AbortSignal;
  /**
   * Asked right before the request is written; a late one is never sent. The deadline alone does not
   * suffice: a process that was frozen may write before its timers run.
   */
  readonly isLate?: (() => boolean) | undefined;
  /**
   * Goes to undici as it is, past ky and the web objects that ky makes: they take a third of the time
   * that a worker spends on a message. For requests that are sent once for each message.
   */
  readonly isHot?: boolean | undefined;
}

/**
 * Sends HTTP requests: pooled connections, time-outs, limited answers, no redirects, no retries.
 */
export interface Transport {
  /**
   * @returns the answer, with any status.
   * @throws if there is no answer. See `isTargetRefused`, `wasSent` and `describeNetworkFailure`.
   */
  send(url: URL | string, request: OutboundRequest): Promise<Answer>;
  close(): Promise<void>;
}

/**
 * An option that ky passes on to `fetch`, because it does not know it. The request travels this way, past
 * the web objects of ky: as its headers, stream and signal it would cost more than all the rest, and leave
 * weak references to the garbage collector.
 */
interface Passed {
  readonly outgoing: OutboundRequest;
}

const CONNECTIONS_PER_HOST = 256;

export function createTransport(options: TransportOptions): Transport {
  const { maxAnswerBytes, guard, proxies, userAgent } = options;
  const agent = createAgent(options, createConnector(options));
  const forwarding = proxies && !guard ? createForwarding(options, proxies) : undefined;
  const commonHeaders = { 'user-agent': userAgent, 'accept-encoding': ACCEPT_ENCODING };

  async function dispatch(
    url: URL,
    { method, headers, content, deadline, isLate, bytesUpTo, maxAnswerBytes: own }: OutboundRequest,
  ): Promise<Answer> {
    const { origin, pathname, search } = url;
    const outgoing = { method, content, deadline, isLate, bytesUpTo, maxAnswerBytes: own ?? maxAnswerBytes };
    const proxy = forwarding?.proxyOf(url);
    if (forwarding && proxy) return await forwarding.send(proxy, { ...outgoing, url, headers });
    return await exchange({ ...outgoing, dispatcher: agent, origin, path: `${pathname}${search}`, headers });
  }

  const http = ky.create({
    // The queue owns retries. Retries here would multiply the attempts.
    retry: 0,
    // The caller's deadline covers the body as well.
    timeout: false,
    throwHttpErrors: false,
    // ky gives the request that it has built and the options that it does not know. It returns a
    // value unchanged that is no web `Response`. A web `Response` could not have a status such as
    // 600, or any byte in a header.
    fetch: (input, options) => {
      const { outgoing } = options as unknown as Passed;
      return dispatch(new URL((input as Request).url), outgoing) as Promise<never>;
    },
  });
  return {
    async send(url, request) {
      if (guard?.target.issueOf(String(url)) !== undefined) throw new TargetRefusedError();
      const outgoing = { ...request, headers: { ...commonHeaders, ...request.headers } };
      if (request.isHot) return await dispatch(new URL(url), outgoing);
      const options: Passed & { readonly method: string } = { method: request.method, outgoing };
      return (await http(url, options)) as unknown as Answer;
    },
    // `close` would wait for answers that may never come.
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
    // wire.ts limits the heads of answers.
    maxHeaderSize: 2 * MAX_HEAD_BYTES,
  });
}

interface Forwarded extends Pick<OutboundRequest, 'content' | 'deadline' | 'isLate' | 'bytesUpTo'> {
  readonly url: URL;
  readonly method: string;
  readonly headers: OutboundRequest['headers'];
  readonly maxAnswerBytes: number;
}

/**
 * Sends requests for plain `http://` addresses to the proxy as whole requests. Few proxies allow
 * tunnels to ports other than 443.
 */
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
      // The proxy itself answered 407. The request did not reach the host.
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
 * Says in a few words why a request got no answer. It uses codes and names only, because the text
 * of such an error may quote the request.
 */
export function describeNetworkFailure(error: unknown, requestTimeoutMs: number): string {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof ProxyFailure) return cause.message;
    if (cause.name === 'TimeoutError') return `no answer within ${requestTimeoutMs} ms`;
    if (cause.name === 'AbortError') return 'the worker stopped the request';
    const { code } = cause as NodeJS.ErrnoException;
    if (typeof code === 'string') return code;
  }
  return error instanceof Error ? error.name : 'unknown failure';
}
