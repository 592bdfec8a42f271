import type { ActStatus } from '../audit/act-record.ts';
import type { Details } from '../audit/record.ts';
import type { BulkOptions, BulkProgress } from '../queues/bulk.ts';
import type { JobFilter } from '../queues/job-filter.ts';
import type { Jobs } from '../queues/jobs.ts';
import type { TenantRegistry } from '../tenants/registry.ts';
import { reaches } from './author.ts';
import { type Acting, failureOf, type Operation, type Target, unknownTarget } from './operation.ts';

export interface BulkInput extends BulkOptions {
  readonly filter: JobFilter;
}

interface BulkSpec {
  readonly action: 'jobs.cancelled' | 'jobs.retried';
  readonly act: (filter: JobFilter, options: BulkOptions) => AsyncGenerator<BulkProgress>;
}

interface BulkParts {
  readonly jobs: Jobs;
  readonly tenants: TenantRegistry;
}

/** Acts on all jobs that a filter means. A dry run changes nothing, and leaves no record. */
export function bulkOperations({ jobs, tenants }: BulkParts) {
  const define = ({ action, act }: BulkSpec): Operation<BulkInput, AsyncGenerator<BulkProgress>> => ({
    action,
    run({ filter, ...options }, acting) {
      if (!reaches(acting.author, filter.tenantId)) return noJobs();
      const steps = act(filter, options);
      return options.dryRun ? steps : recorded(steps, filter, targetOf(filter, tenants), acting);
    },
  });
  return {
    cancelJobs: define({ action: 'jobs.cancelled', act: jobs.cancelAll }),
    retryJobs: define({ action: 'jobs.retried', act: jobs.retryAll }),
  };
}

/** The caller refuses a tenant that is not its own, before it acts. */
async function* noJobs(): AsyncGenerator<BulkProgress> {}

async function* recorded(
  steps: AsyncGenerator<BulkProgress>,
  filter: JobFilter,
  target: Target,
  { prepare, note }: Acting,
): AsyncGenerator<BulkProgress> {
  const details = detailsOf(filter);
  let count = 0;
  // A caller that leaves ends the generator at `yield`, and what is done is done.
  let end: { status: ActStatus; details: Details } = { status: 'failed', details: { error: 'stopped' } };
  await note({ ...target, status: 'begun', details });
  try {
    await prepare();
    for await (const progress of steps) {
      count = progress.done;
      yield progress;
    }
    end = { status: count > 0 ? 'done' : 'nothing', details: {} };
  } catch (error) {
    end = failureOf(error);
    throw error;
  } finally {
    await note({ ...target, status: end.status, details: { ...details, ...end.details, count } });
  }
}

/** A tenant that was removed may still have jobs. */
function targetOf({ tenantId }: JobFilter, tenants: TenantRegistry): Target {
  return tenants.has(tenantId) ? { subject: tenantId, tenants: [tenantId] } : unknownTarget(tenantId);
}

function detailsOf({ kind, state, lane, from, to }: JobFilter): Details {
  return {
    kind: kind ?? null,
    state: state ?? null,
    isOneConversation: lane !== undefined,
    from: from?.toISOString() ?? null,
    to: to?.toISOString() ?? null,
  };
}
