import type { RequestContext } from '../src/genesys/client.ts';
import type { JobContext } from '../src/runtime/handler.ts';

/** The context of each request of a job. */
export function requestContext({
  jobId,
  attempt,
  signal,
  requests,
}: Pick<JobContext<unknown>, 'jobId' | 'attempt' | 'signal' | 'requests'>): RequestContext {
  return { requestId: jobId, attempt, signal, ...requests };
}
