import { isRecord } from '../core/json.ts';
import { type Trace, traceOf } from '../core/trace.ts';
import type { JobKind } from '../jobs/catalog.ts';
import { errorTypeOf, type TraceSpan, type Tracing } from '../observe/tracing.ts';
import type { Execution } from './run.ts';

/** A run, as its span names it. */
export interface TracedRun {
  readonly kind: JobKind;
  readonly jobId: string;
  /** The data of the job, which may be damaged. */
  readonly data: unknown;
  /** Number of the run, from 1. */
  readonly number: number;
  /** Attempts that failed before it. */
  readonly attemptsMade: number;
}

/**
 * Does one run in its span. The parent is the trace that the job keeps. Without one, all runs of the job
 * have the trace id that its own id gives.
 *
 * @param perform gets the data of the job, with its run as the trace: what the run reports and starts are
 *   children of it. Redis keeps the data without it.
 */
export async function inRunSpan(
  tracing: Tracing,
  run: TracedRun,
  perform: (data: unknown) => Promise<Execution>,
): Promise<Execution> {
  if (!tracing.isOn) return await perform(run.data);
  const span = startRunSpan(tracing, run);
  return await tracing.within(span, async () => {
    try {
      const execution = await perform(withTrace(run.data, span.trace));
      endRunSpan(span, execution);
      return execution;
    } catch (error) {
      span.end(errorTypeOf(error));
      throw error;
    }
  });
}

function startRunSpan(tracing: Tracing, { kind, jobId, data, number, attemptsMade }: TracedRun): TraceSpan {
  return tracing.start({
    name: `process ${kind}`,
    kind: 'consumer',
    parent: traceIn(data),
    seed: jobId,
    attributes: {
      'messaging.system': 'bullmq',
      'messaging.operation.type': 'process',
      'messaging.operation.name': 'process',
      'messaging.destination.name': kind,
      'messaging.message.id': jobId,
      'gwm.run': number,
      'gwm.attempt': attemptsMade + 1,
    },
  });
}

/** A trace that breaks the contract stays, and fails the job. */
function withTrace(data: unknown, trace: Trace | undefined): unknown {
  if (!trace || !isRecord(data) || !isRecord(data['payload'])) return data;
  const { payload } = data;
  const isDamaged = payload['traceparent'] !== undefined && traceIn(data) === undefined;
  return isDamaged ? data : { ...data, payload: { ...payload, ...trace } };
}

function traceIn(data: unknown): Trace | undefined {
  const payload = isRecord(data) ? data['payload'] : undefined;
  return isRecord(payload) ? traceOf(payload['traceparent'], payload['tracestate']) : undefined;
}

/** A wait and a 429 are no failures. */
function endRunSpan(span: TraceSpan, { outcome, job, ended }: Execution): void {
  const error = 'error' in outcome ? outcome.error : undefined;
  span.set({
    'gwm.outcome': outcome.kind,
    ...(job.tenantId !== undefined && { 'gwm.tenant.id': job.tenantId }),
    ...(ended && { 'gwm.status': ended.status }),
    ...(outcome.kind === 'snooze' && { 'gwm.reason': outcome.reason }),
  });
  span.end(error && outcome.kind !== 'snooze' ? error.code : undefined);
}
