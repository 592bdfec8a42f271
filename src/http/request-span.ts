import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Trace } from '../core/trace.ts';
import type { TraceSpan, Tracing } from '../observe/tracing.ts';
import type { Route } from './routes/route.ts';
import { traceIn } from './trace.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The span of the request; null when tracing is off, and for a request without a valid key. */
    span: TraceSpan | null;
  }
}

/**
 * Starts the span of a request. It counts once the key is valid ({@link keepSpan}): others must not fill
 * the queue of spans, and their headers decide nothing.
 */
export function startRequestSpan(
  tracing: Tracing,
  { url }: Pick<Route, 'url'>,
  { method, headers }: Pick<FastifyRequest, 'method' | 'headers'>,
): TraceSpan | null {
  if (!tracing.isOn) return null;
  return tracing.start({
    name: `${method} ${url}`,
    kind: 'server',
    parent: traceIn(headers),
    attributes: { 'http.request.method': method, 'http.route': url },
  });
}

/** Gives a request its span, which ends with the answer, or when the caller leaves. */
export function keepSpan(request: FastifyRequest, { raw }: FastifyReply, span: TraceSpan | null): void {
  if (!span) return;
  request.span = span;
  raw.once('close', () => {
    // A caller may leave a stream when it has read enough.
    if (!raw.headersSent) return span.end('left');
    span.set({ 'http.response.status_code': raw.statusCode });
    span.end(raw.statusCode >= 500 ? String(raw.statusCode) : undefined);
  });
}

/** The trace that jobs of a request belong to: that of its span, else that of its caller. */
export function traceOfRequest({ span, headers }: FastifyRequest): Trace | undefined {
  return span?.trace ?? traceIn(headers);
}
