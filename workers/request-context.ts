import type { RequestContext } from '../src/genesys/client.ts';
import type { JobContext } from '../src/runtime/handler.ts';

/** The context of each request of a job. */
export function requestContext({
  jobId,
  signal,
  requests,
}: Pick<JobContext<unknown>, 'jobId' | 'signal' | 'requests'>): RequestContext {
  return { requestId: jobId, signal, ...requests };
}
