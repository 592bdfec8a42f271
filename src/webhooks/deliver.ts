import type { Clock } from '../core/clock.ts';
import { startDeadline } from '../core/deadline.ts';
import { parseRetryAfter } from '../core/retry-after.ts';
import {
  type Attributes,
  type ClientWork,
  inClientSpan,
  NO_TRACING,
  type TraceSpan,
  type Tracing,
} from '../observe/tracing.ts';
import type { Answer } from '../outbound/answer.ts';
import { isTargetRefused } from '../outbound/target.ts';
import type { Transport } from '../outbound/transport.ts';
import type { Attempt } from './attempt.ts';
import { sign } from './signature.ts';

/** One request to a receiver. */
export interface Delivery {
  readonly url: string;
  /** Id of the message, the same for every attempt. */
  readonly messageId: string;
  /** The body. It is signed and sent byte for byte. */
  readonly body: string;
  /** Headers besides the content type and the signature. */
  readonly headers?: Readonly<Record<string, string>>;
  /** One signature is made with each secret. Without secrets the request is not signed. */
  readonly secrets: readonly string[];
}

export interface DeliverOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** Makes the span of the request; off by default. */
  readonly tracing?: Tracing;
  /** What the span says of the request. */
  readonly attributes?: Attributes;
  /** Aborted when the worker must stop the call. */
  readonly signal?: AbortSignal;
}

/** Statuses whose `Retry-After` counts. */
const MAY_ASK_TO_WAIT = new Set([429, 503]);
/** Length of the answer's beginning that the log of attempts holds. */
const ANSWER_CHARACTERS = 200;
/** Part of an answer that is read. */
export const MAX_ANSWER_BYTES = 16 * 1024;

/**
 * Sends one attempt of a callback. Only 2xx is a success. Redirects are not followed. The time-out
 * covers the whole exchange.
 * @throws {CodedError} WEBHOOK_SECRET_MISSING
 */
export async function deliver(delivery: Delivery, options: DeliverOptions): Promise<Attempt> {
  const { transport, clock, timeoutMs, tracing = NO_TRACING, attributes, signal } = options;
  const startedMs = clock.now();
  const headers = headersOf(delivery, startedMs);
  const about = () => ({ at: new Date(startedMs).toISOString(), latencyMs: clock.now() - startedMs });
  using deadline = startDeadline(timeoutMs, signal);
  const begunMs = performance.now();
  try {
    const send = (span: TraceSpan) =>
      transport.send(delivery.url, {
        method: 'POST',
        headers: { ...headers, ...traceHeadersOf(delivery, span) },
        content: delivery.body,
        deadline: deadline.signal,
        isLate: () => performance.now() - begunMs > timeoutMs,
      });
    const response = await inClientSpan(tracing, () => workOf(attributes), send);
    const answer = response.body.slice(0, ANSWER_CHARACTERS);
    return { ...about(), ...verdictOn(response, clock.now()), ...(answer !== '' && { answer }) };
  } catch (error) {
    if (isTargetRefused(error)) return { ...about(), outcome: 'forbidden' };
    return { ...about(), outcome: signal?.aborted ? 'abandoned' : 'unreachable' };
  }
}

/** A request that carries a trace names its own span. Others carry none: a trace stays where it was made. */
function traceHeadersOf({ headers }: Delivery, { trace }: TraceSpan): Record<string, string> {
  return headers && 'traceparent' in headers ? { ...trace } : {};
}

function workOf(attributes: Attributes = {}): ClientWork {
  const { 'gwm.purpose': purpose = 'callback' } = attributes;
  return { name: `POST ${purpose}`, attributes: { 'http.request.method': 'POST', ...attributes } };
}

function headersOf({ messageId, body, headers, secrets }: Delivery, nowMs: number): Record<string, string> {
  return {
    'content-type': 'application/json',
    ...headers,
    ...(secrets.length > 0 && sign(secrets, messageId, Math.floor(nowMs / 1000), body)),
  };
}

function verdictOn(response: Answer, nowMs: number): Pick<Attempt, 'outcome' | 'status' | 'retryAfterMs'> {
  const { status } = response;
  if (response.ok) return { outcome: 'delivered', status };
  if (status === 410) return { outcome: 'gone', status };
  const asked = MAY_ASK_TO_WAIT.has(status) ? response.headers.get('retry-after') : null;
  const retryAfterMs = parseRetryAfter(asked, nowMs);
  return { outcome: 'refused', status, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}
