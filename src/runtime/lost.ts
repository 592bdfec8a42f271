import type { Clock } from '../core/clock.ts';
import { CodedError } from '../core/errors.ts';
import { reject } from '../core/outcome.ts';
import type { LostJob } from '../flow/decisions.ts';
import type { Flow } from '../flow/flow.ts';
import type { JobKind } from '../jobs/catalog.ts';
import { endedJobOf } from '../jobs/ended-job.ts';
import type { Envelope } from '../jobs/envelope.ts';
import { readData } from '../jobs/stored-data.ts';
import { isChildId } from '../queues/children.ts';
import type { DamagedJobs } from '../queues/damaged-jobs.ts';
import type { Queues } from '../queues/queues.ts';
import type { TenantRegistry } from '../tenants/registry.ts';
import type { Report } from './report.ts';

export interface LostOptions {
  readonly flow: Flow;
  readonly queues: Queues;
  readonly tenants: TenantRegistry;
  readonly clock: Clock;
  readonly report: Report;
  /** The damaged jobs of a queue. */
  readonly damagedJobs: (kind: JobKind, partition: number) => DamagedJobs;
}

/**
 * Concludes lost jobs: BullMQ ended them, or another program removed them. The ledger records the
 * end, and the report sends the callback.
 */
export function createLostJobs({ flow, queues, tenants, clock, report, damagedJobs }: LostOptions) {
  return async function conclude(lost: LostJob): Promise<void> {
    const { kind, tenantId, jobId } = lost;
    const partition = queues.partitionOf(tenantId);
    const isDamaged = await damagedJobs(kind, partition).checkStored(jobId);
    const job = await queues.of(kind, tenantId).getJob(jobId);
    if (isDamaged && job?.finishedOn === undefined) {
      // A worker runs the job, finds that it is damaged, and ends it like every other job.
      await queues.wake([{ partition, queue: kind, jobId, delayMs: 0 }]);
      return await flow.concludeLost(lost);
    }
    const read = readData(kind, job?.data);
    // The parent finds that its step is gone, and reports it.
    if (!read && isChildId(jobId)) return await flow.concludeLost(lost);
    // Only the id and the tenant of a removed job are known. They suffice for the tenant's
    // callback.
    const known: Envelope = read ?? { tenantId, payload: {} };
    const reason = job?.failedReason ? `ended by the queue: ${job.failedReason}` : 'removed from the queue';
    const outcome = reject(new CodedError('JOB_REMOVED', reason));
    const tenant = tenants.has(tenantId) ? tenants.get(tenantId) : undefined;
    const nowMs = clock.now();
    const attempts = (job?.attemptsMade ?? 0) + 1;
    const acceptedAtMs = job?.timestamp ?? nowMs;
    const ended = endedJobOf({ kind, jobId, envelope: known, attempts, acceptedAtMs }, outcome, nowMs);
    await report({ outcome, job: ended, ended, tenant }, nowMs);
    await flow.concludeLost(lost);
  };
}
