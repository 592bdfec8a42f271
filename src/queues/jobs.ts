import type { Job } from 'bullmq';
import type { Flow } from '../flow/flow.ts';
import { type JobRef, jobRefOf } from '../flow/job-ref.ts';
import { CATALOG, type JobKind } from '../jobs/catalog.ts';
import { envelope } from '../jobs/envelope.ts';
import { shownLane, shownResult } from '../jobs/shown/job.ts';
import { shownReason } from '../jobs/shown/reasons.ts';
import type { Children, ChildState } from './children.ts';
import { isJobId } from './job-id.ts';
import type { Queues } from './queues.ts';

/** Acts of an operator on single jobs. The buttons of the board ignore lanes and the ledger. */
export interface Jobs {
  /** Undefined when there is no such job. */
  get(kind: JobKind, jobId: string): Promise<JobView | undefined>;
  /** The newest jobs of a state, newest first. */
  list(kind: JobKind, state: JobState, limit: number): Promise<JobView[]>;
  /**
   * Ends a waiting job: no worker sends it, the next job of its lane goes on, and its callback
   * reports it. A request under way cannot be taken back. For a job that waits for its steps, this
   * cancels the waiting steps, and the job concludes with the steps that are done.
   */
  cancel(kind: JobKind, jobId: string): Promise<Cancellation>;
  /**
   * Sends a dead letter again, with all its attempts, and its failed steps. Never a job that was
   * delivered.
   */
  retry(kind: JobKind, jobId: string): Promise<Retrial>;
}

export type Cancellation = 'cancelled' | 'running' | 'ended' | 'unknown';
export type Retrial = 'retried' | 'delivered' | 'not-failed' | 'unknown';

export const JOB_STATES = [
  'waiting',
  'active',
  'delayed',
  'waiting-children',
  'completed',
  'failed',
] as const;
export type JobState = (typeof JOB_STATES)[number];

/** One job, without the content that its caller wrote: see src/jobs/shown. */
export interface JobView {
  readonly jobId: string;
  readonly kind: JobKind;
  /** The operation, for a kind with several; else the kind. */
  readonly name: string;
  readonly state: string;
  readonly tenantId: string | null;
  readonly lane: string | null;
  /** Null when the job is damaged and its time cannot be read. */
  readonly acceptedAt: string | null;
  readonly attemptsMade: number;
  /** Progress of its steps; null when it has started no step. */
  readonly steps: StepCounts | null;
  /** The result of a delivered job. */
  readonly result: unknown;
  /**
   * Code and reason of a dead letter. JOB_DAMAGED when Redis holds no readable job: a worker will
   * make it a dead letter.
   */
  readonly failedReason: string | null;
}

export interface StepCounts {
  readonly pending: number;
  readonly done: number;
  readonly failed: number;
}

export interface JobsOptions {
  readonly flow: Flow;
  readonly queues: Queues;
  readonly children: Children;
}

export function createJobs({ flow, queues, children }: JobsOptions): Jobs {
  const queuesOf = (kind: JobKind) => queues.all().filter((queue) => queue.name === kind);

  const find = async (kind: JobKind, jobId: string): Promise<Job | undefined> => {
    const possible = queuesOf(kind).filter((queue) => isJobId(jobId, queue.keys));
    const found = await Promise.all(possible.map((queue) => queue.getJob(jobId)));
    return found.find((job) => job !== undefined);
  };

  /** The steps of a job that have one of these states. */
  const begunBy = async (kind: JobKind, job: Job, ...wanted: ChildState['status'][]): Promise<string[]> => {
    const opened = envelope.safeParse(job.data);
    if (!opened.success || job.id === undefined) return [];
    const jobId = job.id;
    const states = await children.of({ kind, tenantId: opened.data.tenantId, jobId });
    return [...states].flatMap(([name, { status }]) => (wanted.includes(status) ? [`${jobId}-${name}`] : []));
  };

  /** The job goes on to its end, and starts no more steps. */
  const cancelBegun = async (kind: JobKind, job: Job): Promise<Cancellation> => {
    if (job.finishedOn !== undefined) return 'ended';
    const { saved } = envelope.parse(job.data);
    await job.updateData({ ...job.data, saved: { ...saved, cancelled: true } });
    for (const childId of await begunBy(kind, job, 'pending')) await cancel(kind, childId);
    return 'cancelled';
  };

  async function cancel(kind: JobKind, jobId: string): Promise<Cancellation> {
    const job = await find(kind, jobId);
    const ref = job && placeIn(kind, job);
    if (!ref) return 'unknown';
    const hasBegunOthers = (await begunBy(kind, job, 'pending', 'done', 'failed')).length > 0;
    if (hasBegunOthers) return await cancelBegun(kind, job);
    const { outcome, wakes } = await flow.release(ref, 'cancelled {}');
    await queues.wake(wakes);
    if (outcome !== 'released') return outcome;
    // A worker runs the job, finds it cancelled, reports that and ends it, as it does with every
    // job.
    await queues.wake([{ partition: queues.partitionOf(ref.tenantId), queue: kind, jobId, delayMs: 0 }]);
    return 'cancelled';
  }

  async function retry(kind: JobKind, jobId: string): Promise<Retrial> {
    const job = await find(kind, jobId);
    if (!job) return 'unknown';
    if (!(await job.isFailed())) return 'not-failed';
    const ref = placeIn(kind, job);
    if (ref && !(await flow.redrive(ref))) return 'delivered';
    // BullMQ makes the parent wait for them again.
    for (const childId of await begunBy(kind, job, 'failed')) await retry(kind, childId);
    await queues.forgetPast(job);
    await job.retry('failed', { resetAttemptsMade: true });
    return 'retried';
  }

  return {
    async get(kind, jobId) {
      const job = await find(kind, jobId);
      return job && (await view(kind, job));
    },

    async list(kind, state, limit) {
      const pages = await Promise.all(queuesOf(kind).map((queue) => queue.getJobs([state], 0, limit - 1)));
      const views = await Promise.all(pages.flat().map((job) => view(kind, job, state)));
      return views.sort(newestFirst).slice(0, limit);
    },

    cancel,
    retry,
  };
}

/** Undefined for kinds without flow control, and for data that cannot be read. */
function placeIn(kind: JobKind, job: Job): JobRef | undefined {
  const opened = envelope.safeParse(job.data);
  if (CATALOG[kind].kindCode === null || !opened.success || job.id === undefined) return undefined;
  return jobRefOf(kind, opened.data.tenantId, job.id, opened.data.payload);
}

async function view(kind: JobKind, job: Job, state?: JobState): Promise<JobView> {
  const opened = envelope.safeParse(job.data);
  return {
    jobId: job.id ?? '',
    kind,
    name: job.name,
    state: state ?? (await job.getState()),
    tenantId: opened.success ? opened.data.tenantId : null,
    lane: shownLane(placeIn(kind, job)?.lane ?? null),
    acceptedAt: timeOf(job),
    attemptsMade: job.attemptsMade,
    steps: await stepsOf(job),
    result: shownResult(job.returnvalue),
    failedReason: job.failedReason ? shownReason(job.failedReason) : null,
  };
}

function timeOf({ timestamp }: Job): string | null {
  return Number.isFinite(timestamp) ? new Date(timestamp).toISOString() : null;
}

/** Jobs without a readable time come first: the operator looks for them. */
function newestFirst(a: JobView, b: JobView): number {
  if (a.acceptedAt === null || b.acceptedAt === null)
    return Number(a.acceptedAt !== null) - Number(b.acceptedAt !== null);
  return b.acceptedAt.localeCompare(a.acceptedAt);
}

async function stepsOf(job: Job): Promise<StepCounts | null> {
  const { processed = 0, unprocessed = 0, ignored = 0 } = await job.getDependenciesCount();
  if (processed + unprocessed + ignored === 0) return null;
  return { pending: unprocessed, done: processed, failed: ignored };
}
