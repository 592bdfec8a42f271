import { type Trace, traceOf } from '../core/trace.ts';
import type { JobKind } from '../jobs/catalog.ts';
import { errorTypeOf, type TraceSpan, type Tracing } from '../observe/tracing.ts';
import type { PreparedJob } from '../queues/prepare.ts';
import { ProblemError } from './problem.ts';

/** The span of jobs on their way into a queue. The jobs of a request that name no trace keep it. */
export interface Sending {
  /** What the jobs keep. */
  readonly trace: Trace | undefined;
  /** Redis has the job, or refused it. @param code why it was refused */
  decided(job: PreparedJob, code?: string): void;
  /** Redis has the jobs of a request with many. */
  finished(count: number): void;
  failed(error: unknown): void;
}

/**
 * Starts the span of jobs that a request sends. It is never sent when the request turns out to be wrong.
 * @param trace of the request, for jobs when tracing is off
 * @param kind undefined for a request with jobs of several kinds
 */
export function startSending(tracing: Tracing, trace: Trace | undefined, kind?: JobKind): Sending {
  const span = tracing.isOn ? startSpan(tracing, kind) : undefined;
  return {
    trace: span?.trace ?? trace,
    decided({ tenantId, ref, payload }, code) {
      if (!span) return;
      span.set({ 'gwm.tenant.id': tenantId, 'messaging.message.id': ref.jobId });
      linkOwn(span, traceOf(payload['traceparent'], payload['tracestate']));
      span.end(code);
    },
    finished(count) {
      span?.set({ 'messaging.batch.message_count': count });
      span?.end();
    },
    failed: (error) => span?.end(error instanceof ProblemError ? error.code : errorTypeOf(error)),
  };
}

function startSpan(tracing: Tracing, kind: JobKind | undefined): TraceSpan {
  return tracing.start({
    name: kind === undefined ? 'send' : `send ${kind}`,
    kind: 'producer',
    attributes: {
      'messaging.system': 'bullmq',
      'messaging.operation.type': 'send',
      'messaging.operation.name': 'send',
      ...(kind !== undefined && { 'messaging.destination.name': kind }),
    },
  });
}

/** A job that names a trace keeps it, as the conventions ask. */
function linkOwn(span: TraceSpan, kept: Trace | undefined): void {
  if (kept && kept.traceparent !== span.trace?.traceparent) span.link(kept);
}
