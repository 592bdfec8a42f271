import { rejectionCode } from '../core/issues.ts';
import { type Trace, traceOf } from '../core/trace.ts';
import type { JobKind } from '../jobs/catalog.ts';
import { errorTypeOf, type TraceSpan, type Tracing } from '../observe/tracing.ts';
import type { PreparedJob } from '../queues/prepare.ts';
import type { EntryReport } from '../queues/submit.ts';
import { ProblemError } from './problem.ts';

/** The span of jobs on their way into a queue. The jobs of a request that name no trace keep it. */
export interface Sending {
  /** What the jobs keep. */
  readonly trace: Trace | undefined;
  /** Ends with the report about the only job. */
  of(job: PreparedJob, submitting: Promise<EntryReport>): Promise<EntryReport>;
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
  return tracing.isOn ? traced(startSpan(tracing, kind)) : untraced(trace);
}

function untraced(trace: Trace | undefined): Sending {
  return { trace, of: (_job, submitting) => submitting, finished() {}, failed() {} };
}

function traced(span: TraceSpan): Sending {
  const failed = (error: unknown) =>
    span.end(error instanceof ProblemError ? error.code : errorTypeOf(error));
  return {
    trace: span.trace,
    async of({ tenantId, ref, payload }, submitting) {
      span.set({ 'gwm.tenant.id': tenantId, 'messaging.message.id': ref.jobId });
      linkOwn(span, traceOf(payload['traceparent'], payload['tracestate']));
      submitting.then((report) => span.end(codeOf(report)), failed);
      return await submitting;
    },
    finished(count) {
      span.set({ 'messaging.batch.message_count': count });
      span.end();
    },
    failed,
  };
}

/** Why Redis did not take a job. A duplicate is there already. */
function codeOf(report: EntryReport): string | undefined {
  if (report.status === 'rejected') return rejectionCode(report.errors);
  return report.status === 'refused' ? report.code : undefined;
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
