import type { Clock } from '../core/clock.ts';
import { CodedError } from '../core/errors.ts';
import { reject } from '../core/outcome.ts';
import type { LostJob } from '../flow/decisions.ts';
import type { Flow } from '../flow/flow.ts';
import type { JobKind } from '../jobs/catalog.ts';
import { type Envelope, envelope } from '../jobs/envelope.ts';
import { isChildId } from '../queues/children.ts';
import type { DamagedJobs } from '../queues/damaged-jobs.ts';
import type { Queues } from '../queues/queues.ts';
import type { TenantRegistry } from '../tenants/registry.ts';
import type { Report } from './report.ts';
import type { Run } from './run.ts';

export interface LostOptions {
  readonly flow: Flow;
  readonly queues: Queues;
  readonly tenants: TenantRegistry;
  readonly clock: Clock;
  readonly report: Report;
  /** Jobs of a queue that cannot be read. */
  readonly damagedJobs: (kind: JobKind, partition: number) => DamagedJobs;
}

/**
 * Brings jobs to their end that ended behind our back: BullMQ gave them up, or somebody removed them. The ledger
 * learns of it, and whoever waits for the callback is told.
 */
export function createLostJobs({ flow, queues, tenants, clock, report, damagedJobs }: LostOptions) {
  return async function conclude(lost: LostJob): Promise<void> {
    const { kind, tenantId, jobId } = lost;
    const partition = queues.partitionOf(tenantId);
    const isDamaged = await damagedJobs(kind, partition).checkStored(jobId);
    const job = await queues.of(kind, tenantId).getJob(jobId);
    if (isDamaged && job?.finishedOn === undefined) {
      // A worker takes it up, finds what it is, and ends it: the way of every other job.
      await queues.wake([{ partition, queue: kind, jobId, delayMs: 0 }]);
      return await flow.concludeLost(lost);
    }
    const opened = envelope.safeParse(job?.data);
    // Its parent finds that it is gone, and tells.
    if (!opened.success && isChildId(jobId)) return await flow.concludeLost(lost);
    // Of a job that is gone only its id and its tenant are known; the tenant's callback can still be told.
    const known: Envelope = opened.success ? opened.data : { tenantId, payload: {} };
    const reason = job?.failedReason ? `ended by the queue: ${job.failedReason}` : 'removed from the queue';
    const outcome = reject(new CodedError('JOB_REMOVED', reason));
    const tenant = tenants.has(tenantId) ? tenants.get(tenantId) : undefined;
    await report(
      runOf(kind, jobId, job?.attemptsMade ?? 0, job?.timestamp ?? clock.now()),
      { outcome, envelope: known, ...(tenant && { tenant }) },
      clock.now(),
    );
    await flow.concludeLost(lost);
  };
}

function runOf(kind: JobKind, jobId: string, attemptsMade: number, acceptedAtMs: number): Run {
  const signal = new AbortController().signal;
  const nowhere = { number: 0, attempts: 0, crashes: 0, signal, hasLock: () => true, save: async () => {} };
  return { ...nowhere, kind, jobId, data: {}, attemptsMade, acceptedAtMs };
}
