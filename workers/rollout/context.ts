import type { BackoffPolicy } from '../../src/core/backoff.ts';
import type { GenesysClient, RequestContext } from '../../src/genesys/client.ts';
import type { JobContext } from '../../src/runtime/handler.ts';

/** How a step goes on after a 409. */
export interface ConflictPolicy {
  readonly genesys: GenesysClient;
  /** 409s in a row after which the step fails. */
  readonly maxConflicts: number;
  readonly conflictBackoff: BackoffPolicy;
  /** Called for each conflict that is followed by another try. */
  readonly onConflict: (tenantId: string) => void;
}

/** What goes with each request of a job that makes several. */
export function contextOf({
  jobId,
  signal,
  token,
  noteRemaining,
}: Pick<JobContext<unknown>, 'jobId' | 'signal' | 'token' | 'noteRemaining'>): RequestContext {
  return { requestId: jobId, signal, token, noteRemaining };
}
