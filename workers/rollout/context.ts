import type { RequestContext } from '../../src/genesys/client.ts';
import type { Run } from '../../src/runtime/handler.ts';

/** What goes with each request of a job that makes several. */
export function contextOf({
  jobId,
  signal,
  token,
  noteRemaining,
}: Pick<Run<unknown>, 'jobId' | 'signal' | 'token' | 'noteRemaining'>): RequestContext {
  return { requestId: jobId, signal, token, noteRemaining };
}
