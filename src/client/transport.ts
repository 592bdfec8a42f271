import { errorOf, jsonOf } from './answer.ts';
import { ConnectionError } from './api-error.ts';
import { type RetryPolicy, sleep, waitBeforeRetry } from './retry.ts';

export interface ClientOptions {
  /** Address of `gwm serve`, such as `https://gwm.example`. It may have a path. */
  readonly baseUrl: string;
  /** Secret of an API key: `gwm_live_…`. */
  readonly apiKey: string;
  /** 30 s by default: the longest time of one try, and the longest silence within a stream. */
  readonly timeoutMs?: number | undefined;
  /** Tries after the first one; 5 by default. */
  readonly retries?: number | undefined;
  /** The longest wait before a try; 60 s by default. */
  readonly maxWaitMs?: number | undefined;
  /** Another `fetch`, as for a proxy. That of the runtime by default. */
  readonly fetch?: typeof fetch | undefined;
}

export interface CallOptions {
  /** Ends the call; it then throws the reason of the signal. */
  readonly signal?: AbortSignal | undefined;
  /** In place of the time-out of the client. */
  readonly timeoutMs?: number | undefined;
}

/** One request. */
export interface ApiCall extends CallOptions {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly query?: object | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, unless `headers` name another type. */
  readonly body?: string | undefined;
  /** Whether a second request does no more than the first one. */
  readonly isRepeatable: boolean;
  /** Called when a stream is answered with 204. */
  readonly onNoContent?: () => void;
}

export interface Answered<Body> {
  readonly headers: Headers;
  readonly body: Body;
}

export interface Transport {
  /**
   * Sends a request until it has an answer.
   * @throws {ApiError | ConnectionError}
   */
  call<Body>(call: ApiCall): Promise<Answered<Body>>;
  /**
   * Sends a request once, and yields the text of its answer.
   * @throws {ApiError | ConnectionError} also when the answer breaks off.
   */
  stream(call: ApiCall): AsyncGenerator<string, void, undefined>;
  readonly policy: RetryPolicy;
}

const TIMEOUT_MS = 30_000;

export function createTransport(options: ClientOptions): Transport {
  const { baseUrl, apiKey, timeoutMs = TIMEOUT_MS, retries = 5, maxWaitMs = 60_000 } = options;
  // A browser calls its `fetch` on the window alone.
  const send: typeof fetch = options.fetch ?? ((...args) => globalThis.fetch(...args));
  const policy = { retries, maxWaitMs };

  const request = async (call: ApiCall, signal: AbortSignal): Promise<Response> => {
    const { method, headers = {}, body } = call;
    return await send(addressOf(baseUrl, call), {
      method,
      signal,
      headers: {
        authorization: `Bearer ${apiKey}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body }),
    });
  };

  const once = async <Body>(call: ApiCall): Promise<Answered<Body>> => {
    const timeout = AbortSignal.timeout(call.timeoutMs ?? timeoutMs);
    const { response, text } = await connected(call, timeout, async (signal) => {
      const response = await request(call, signal);
      return { response, text: await response.text() };
    });
    if (!response.ok) throw errorOf(response, text);
    return { headers: response.headers, body: jsonOf(response, text) as Body };
  };

  return {
    policy,
    async call<Body>(call: ApiCall) {
      for (let attempt = 0; ; attempt++) {
        try {
          return await once<Body>(call);
        } catch (error) {
          const waitMs = waitBeforeRetry(error, attempt, call.isRepeatable, policy);
          if (waitMs === undefined) throw error;
          await sleep(waitMs, call.signal);
        }
      }
    },

    async *stream(call) {
      const silence = createSilence(call.timeoutMs ?? timeoutMs);
      const waitFor = <Value>(run: (signal: AbortSignal) => Promise<Value>) =>
        silence.during(() => connected(call, silence.signal, run));
      const response = await waitFor((signal) => request(call, signal));
      if (!response.ok) throw errorOf(response, await waitFor(() => response.text()));
      if (response.status === 204) call.onNoContent?.();
      const reader = response.body?.getReader();
      const decoder = new TextDecoder();
      try {
        for (;;) {
          const part = await waitFor(async () => await reader?.read());
          if (!part || part.done) return;
          yield decoder.decode(part.value, { stream: true });
        }
      } finally {
        reader?.cancel().catch(() => {});
      }
    },
  };
}

/** Runs a part of an exchange, and tells the end by the caller from that of the connection. */
async function connected<Value>(
  { signal }: CallOptions,
  timeout: AbortSignal,
  run: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  signal?.throwIfAborted();
  try {
    return await run(signal ? AbortSignal.any([signal, timeout]) : timeout);
  } catch (cause) {
    signal?.throwIfAborted();
    const message = timeout.aborted ? 'The server did not answer in time.' : 'The connection failed.';
    throw new ConnectionError(message, { cause });
  }
}

/** A signal that aborts when one step of a stream takes too long. A slow caller is no silent server. */
function createSilence(ms: number) {
  const controller = new AbortController();
  return {
    signal: controller.signal,
    async during<Value>(step: () => Promise<Value>): Promise<Value> {
      const timer = setTimeout(() => controller.abort(), ms);
      try {
        return await step();
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

function addressOf(baseUrl: string, { path, query = {} }: ApiCall): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)] as [string, string]));
  return `${baseUrl.replace(/\/+$/, '')}${path}${search.size > 0 ? `?${search}` : ''}`;
}
