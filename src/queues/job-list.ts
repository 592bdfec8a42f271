import type { Job } from 'bullmq';
import type { JobKind } from '../jobs/catalog.ts';
import { type PageParts, placesOf, readPage } from './index-pages.ts';
import type { JobFilter } from './job-filter.ts';
import { codeIn, type JobView, viewOf } from './job-view.ts';
import type { Queues } from './queues.ts';

export interface JobListRequest extends JobFilter {
  /** From the page before. */
  readonly cursor?: string | undefined;
  /** Jobs that one page looks at, 1 to `MAX_PAGE`; 100 by default. */
  readonly limit?: number | undefined;
  /** By acceptance; newest first by default. */
  readonly order?: 'newest' | 'oldest' | undefined;
}

export interface JobPage {
  /** Fewer than `limit` when kind, state or code leave jobs out: the next page may still have some. */
  readonly jobs: readonly JobView[];
  /** Null when there are no more pages. */
  readonly cursor: string | null;
}

/** Reads the index of jobs, and never a whole queue. */
export interface JobList {
  page(request: JobListRequest): Promise<JobPage>;
}

export interface JobListParts extends PageParts {
  readonly queues: Queues;
}

export function createJobList({ flow, queues, keys }: JobListParts): JobList {
  return {
    async page({ cursor, limit = 100, order = 'newest', ...filter }) {
      const page = await readPage({ flow, keys }, { filter, cursor, limit, order });
      const places = placesOf(keys, filter.tenantId, order);
      const views = await Promise.all(
        page.entries.map(async ({ kind, jobId }) => {
          const found = await readJob(queues, places, kind, jobId);
          return found && isMeant(found, filter) ? await viewOf(kind, found.job, found.state) : undefined;
        }),
      );
      return { jobs: views.filter((view) => view !== undefined), cursor: page.cursor };
    },
  };
}

/** A job with its state in BullMQ. */
export interface StatedJob {
  readonly job: Job;
  readonly state: string;
}

/**
 * A job of the index, out of the first of some partitions that has it. Undefined when BullMQ does not have
 * it any more.
 */
export async function readJob(
  queues: Pick<Queues, 'at'>,
  places: readonly number[],
  kind: JobKind,
  jobId: string,
): Promise<StatedJob | undefined> {
  for (const place of places) {
    const queue = queues.at(kind, place);
    const [job, state] = await Promise.all([queue.getJob(jobId), queue.getJobState(jobId)]);
    if (job) return { job, state };
  }
  return undefined;
}

function isMeant({ job, state }: StatedJob, filter: Pick<JobFilter, 'state' | 'code'>): boolean {
  if (filter.state !== undefined && filter.state !== state) return false;
  return filter.code === undefined || (state !== 'completed' && codeIn(job.failedReason) === filter.code);
}
