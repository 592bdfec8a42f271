import type { Job } from 'bullmq';
import type { Flow } from '../flow/flow.ts';
import { type Place, placeOf } from '../flow/place.ts';
import { CATALOG, type JobKind } from '../jobs/catalog.ts';
import { envelope } from '../jobs/envelope.ts';
import type { Queues } from './queues.ts';

/** What an operator does with single jobs. The board's own buttons know nothing of lanes and of what was delivered. */
export interface Jobs {
  /** Undefined when there is no such job. */
  get(kind: JobKind, jobId: string): Promise<JobView | undefined>;
  /** The newest jobs of a state, newest first. */
  list(kind: JobKind, state: JobState, limit: number): Promise<JobView[]>;
  /**
   * Ends a job that waits: it will not be sent, its place goes to the next of its lane, and its callback says so.
   * One whose request is under way cannot be called back.
   */
  cancel(kind: JobKind, jobId: string): Promise<'cancelled' | 'running' | 'ended' | 'unknown'>;
  /** Sends a dead letter once more, with all its attempts; never one that was delivered. */
  retry(kind: JobKind, jobId: string): Promise<'retried' | 'delivered' | 'not-failed' | 'unknown'>;
}

export const JOB_STATES = ['waiting', 'active', 'delayed', 'completed', 'failed'] as const;
export type JobState = (typeof JOB_STATES)[number];

/** One job, without the text that a customer reads. */
export interface JobView {
  readonly jobId: string;
  readonly kind: JobKind;
  readonly state: string;
  readonly tenantId: string | null;
  readonly lane: string | null;
  readonly acceptedAt: string;
  readonly attemptsMade: number;
  /** What a delivered job left behind. */
  readonly result: unknown;
  /** Code and reason of a dead letter. */
  readonly failedReason: string | null;
}

export function createJobs({ flow, queues }: { readonly flow: Flow; readonly queues: Queues }): Jobs {
  const queuesOf = (kind: JobKind) => queues.all().filter((queue) => queue.name === kind);

  const find = async (kind: JobKind, jobId: string): Promise<Job | undefined> => {
    const found = await Promise.all(queuesOf(kind).map((queue) => queue.getJob(jobId)));
    return found.find((job) => job !== undefined);
  };

  return {
    async get(kind, jobId) {
      const job = await find(kind, jobId);
      return job && (await view(kind, job));
    },

    async list(kind, state, limit) {
      const pages = await Promise.all(queuesOf(kind).map((queue) => queue.getJobs([state], 0, limit - 1)));
      const views = await Promise.all(pages.flat().map((job) => view(kind, job, state)));
      return views.sort((a, b) => b.acceptedAt.localeCompare(a.acceptedAt)).slice(0, limit);
    },

    async cancel(kind, jobId) {
      const job = await find(kind, jobId);
      const place = job && placeIn(kind, job);
      if (!place) return 'unknown';
      const { outcome, wakes } = await flow.release(place, 'cancelled {}');
      await queues.wake(wakes);
      if (outcome !== 'released') return outcome;
      // A worker takes it up, finds it cancelled, reports that, and ends it: the way of every other job.
      await queues.wake([{ partition: queues.partitionOf(place.tenantId), queue: kind, jobId, delayMs: 0 }]);
      return 'cancelled';
    },

    async retry(kind, jobId) {
      const job = await find(kind, jobId);
      if (!job) return 'unknown';
      if (!(await job.isFailed())) return 'not-failed';
      const place = placeIn(kind, job);
      if (place && !(await flow.reopen(place))) return 'delivered';
      await queues.forgetStalls(job);
      await job.retry('failed', { resetAttemptsMade: true });
      return 'retried';
    },
  };
}

/** Undefined for kinds without flow control, and for data that nobody can read. */
function placeIn(kind: JobKind, job: Job): Place | undefined {
  const opened = envelope.safeParse(job.data);
  if (CATALOG[kind].letter === null || !opened.success || job.id === undefined) return undefined;
  return placeOf(kind, opened.data.tenantId, job.id, opened.data.payload);
}

async function view(kind: JobKind, job: Job, state?: JobState): Promise<JobView> {
  const opened = envelope.safeParse(job.data);
  return {
    jobId: job.id ?? '',
    kind,
    state: state ?? (await job.getState()),
    tenantId: opened.success ? opened.data.tenantId : null,
    lane: placeIn(kind, job)?.lane ?? null,
    acceptedAt: new Date(job.timestamp).toISOString(),
    attemptsMade: job.attemptsMade,
    result: job.returnvalue ?? null,
    failedReason: job.failedReason ?? null,
  };
}
