import type { JobKind } from '../jobs/catalog.ts';
import type { Cancellation, Jobs, Retrial } from '../queues/jobs.ts';
import { type Author, reaches } from './author.ts';
import { type Came, defineOperation, type Target } from './operation.ts';

/** A job by its id, and the queue where the caller knows it. */
export interface JobName {
  readonly jobId: string;
  readonly kind?: JobKind;
}

interface FoundJob extends Target {
  readonly kind: JobKind;
  readonly jobId: string;
}

/** Acts on single jobs. */
export function jobOperations({ jobs }: { readonly jobs: Jobs }) {
  const named = ({ jobId }: JobName) => jobId;

  /** Jobs of other tenants are looked up as well: their answer must take as long as any other. */
  const find = async ({ jobId, kind }: JobName, author: Author): Promise<FoundJob | undefined> => {
    const found = await jobs.locate(jobId, kind);
    if (!found || !reaches(author, found.tenantId)) return undefined;
    const { tenantId } = found;
    return { kind: found.kind, jobId, subject: jobId, tenants: tenantId === null ? 'all' : [tenantId] };
  };

  return {
    cancelJob: defineOperation<JobName, FoundJob, Cancellation>({
      action: 'job.cancelled',
      named,
      find,
      missing: 'unknown',
      perform: async ({ kind, jobId }) => cameOf(kind, await jobs.cancel(kind, jobId), 'cancelled'),
    }),
    retryJob: defineOperation<JobName, FoundJob, Retrial>({
      action: 'job.retried',
      named,
      find,
      missing: 'unknown',
      perform: async ({ kind, jobId }) => cameOf(kind, await jobs.retry(kind, jobId), 'retried'),
    }),
  };
}

function cameOf<Outcome extends string>(kind: JobKind, outcome: Outcome, wanted: Outcome): Came<Outcome> {
  if (outcome === wanted) return { status: 'done', result: outcome, details: { kind } };
  // The job ended and was removed meanwhile.
  const status = outcome === 'unknown' ? 'nothing' : 'refused';
  return { status, result: outcome, details: { kind, reason: outcome } };
}
