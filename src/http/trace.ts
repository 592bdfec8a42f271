import type { IncomingHttpHeaders } from 'node:http';
import { isRecord } from '../core/json.ts';
import { type Trace, traceOf } from '../core/trace.ts';

/** For the API document. */
export const TRACE_HEADERS = {
  traceparent:
    'The trace of the caller (W3C Trace Context), for jobs that name none. One that cannot be read is ignored.',
  tracestate: 'Beside `traceparent`.',
};

/** The trace of a request; undefined without one, and for one that cannot be read. */
export function traceIn(headers: IncomingHttpHeaders): Trace | undefined {
  return traceOf(headers['traceparent'], headers['tracestate']);
}

/** The job with the trace of what it came in. A trace in the fields of the job comes first. */
export function withTrace(input: unknown, trace: Trace | undefined): unknown {
  if (!trace || !isRecord(input)) return input;
  if (input['traceparent'] !== undefined || input['tracestate'] !== undefined) return input;
  return { ...input, ...trace };
}
