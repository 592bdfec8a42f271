import { CodedError } from '../core/errors.ts';
import type { Trace } from '../core/trace.ts';
import type { SPAN_ATTRIBUTES } from './span-attributes.ts';

/** What a span says. The table of attributes is the list of all that it may say. */
export type Attributes = Readonly<Partial<Record<keyof typeof SPAN_ATTRIBUTES, string | number>>>;

/** One stretch of work in a trace, as OpenTelemetry has it. */
export interface TraceSpan {
  /** What the work passes on to others, so that they are its children. Undefined: tracing is off. */
  readonly trace: Trace | undefined;
  set(attributes: Attributes): void;
  /** Names another trace that the work belongs to. */
  link(trace: Trace): void;
  /**
   * Ends the work. A span that never ends is never sent.
   * @param errorType why it failed, as a code or a status: never the text of an error.
   */
  end(errorType?: string): void;
}

export interface SpanStart {
  /** Few values: no id, and nothing that a caller chooses. */
  readonly name: string;
  /**
   * `server` and `consumer`: the work comes from another process. `client` and `producer`: it belongs to
   * the span in which the code runs.
   */
  readonly kind: 'server' | 'client' | 'producer' | 'consumer';
  /** The parent; for `client` and `producer` only where the code runs in no span. */
  readonly parent?: Trace | undefined;
  /** Without a parent: the trace id is made of this text. So all runs of a job have the same one. */
  readonly seed?: string;
  readonly attributes?: Attributes;
}

/** Makes the spans of this process. */
export interface Tracing {
  readonly isOn: boolean;
  start(start: SpanStart): TraceSpan;
  /** Runs work inside a span. */
  within<Result>(span: TraceSpan, work: () => Result): Result;
  /** Sends what is left, for at most {@link FLUSH_MS}. Never rejects. */
  close(): Promise<void>;
}

/** Longest time that the last spans may take, ms. It is part of the time in which a process closes. */
export const FLUSH_MS = 1500;

/** Says nothing, and costs nothing. */
export const NO_SPAN: TraceSpan = { trace: undefined, set() {}, link() {}, end() {} };

/** Tracing is off. */
export const NO_TRACING: Tracing = {
  isOn: false,
  start: () => NO_SPAN,
  within: (_span, work) => work(),
  close: () => Promise.resolve(),
};

/** What a client span is about. */
export interface ClientWork extends Pick<SpanStart, 'name' | 'parent'> {
  readonly attributes: Attributes;
}

/**
 * Sends one request in a client span, which gets the status of the answer, or why there is none.
 * @param workOf asked only when tracing is on
 * @param attributesOf what else the answer says
 */
export function inClientSpan<Answer extends { readonly status: number }>(
  tracing: Tracing,
  workOf: () => ClientWork,
  send: (span: TraceSpan) => Promise<Answer>,
  attributesOf: (answer: Answer) => Attributes = () => ({}),
): Promise<Answer> {
  if (!tracing.isOn) return send(NO_SPAN);
  return inSpan(tracing, { kind: 'client', ...workOf() }, async (span) => {
    const answer = await send(span);
    span.set({ 'http.response.status_code': answer.status, ...attributesOf(answer) });
    span.end(answer.status >= 400 ? String(answer.status) : undefined);
    return answer;
  });
}

/** Does work in a span, which ends with it. */
export async function inSpan<Result>(
  tracing: Tracing,
  start: SpanStart,
  work: (span: TraceSpan) => Promise<Result>,
): Promise<Result> {
  const span = tracing.start(start);
  try {
    const result = await tracing.within(span, () => work(span));
    span.end();
    return result;
  } catch (error) {
    span.end(errorTypeOf(error));
    throw error;
  }
}

const CODE = /^[A-Z][A-Z0-9_]{1,50}$/;

/** Why work failed, as a code of ours or of the network. The text of an error may quote a request. */
export function errorTypeOf(error: unknown): string {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof CodedError) return cause.code;
    if (cause.name === 'TimeoutError') return 'timeout';
    if (cause.name === 'AbortError') return 'aborted';
    const { code } = cause as { readonly code?: unknown };
    if (typeof code === 'string' && CODE.test(code)) return code;
  }
  return 'unknown';
}
