import { OperatorError } from '../core/errors.ts';
import type { Flow } from '../flow/flow.ts';
import type { IndexEntry, IndexPage, IndexRequest } from '../flow/job-index.ts';
import type { JobKind } from '../jobs/catalog.ts';
import { type JobState, type JobView, viewOf } from './job-view.ts';
import type { Queues } from './queues.ts';

/** Which jobs of a tenant. All conditions hold together. */
export interface JobFilter {
  readonly tenantId: string;
  /** The conversation, or another subject whose jobs keep their order. */
  readonly lane?: string | undefined;
  readonly kind?: JobKind | undefined;
  readonly state?: JobState | undefined;
  /** Accepted at this time or later. */
  readonly from?: Date | undefined;
  /** Accepted at this time or before. */
  readonly to?: Date | undefined;
}

export interface JobListRequest extends JobFilter {
  /** From the page before. */
  readonly cursor?: string | undefined;
  /** Jobs that one page looks at, 1 to {@link MAX_PAGE}; 100 by default. */
  readonly limit?: number | undefined;
  /** By acceptance; newest first by default. */
  readonly order?: 'newest' | 'oldest' | undefined;
}

export interface JobPage {
  /** Fewer than `limit` when kind or state leave jobs out: the next page may still have some. */
  readonly jobs: readonly JobView[];
  /** Null when there are no more pages. */
  readonly cursor: string | null;
}

export const MAX_PAGE = 1000;

/** Reads the index of jobs, and never a whole queue. */
export interface JobList {
  page(request: JobListRequest): Promise<JobPage>;
}

export function createJobList(flow: Flow, queues: Queues): JobList {
  return {
    async page({ cursor, limit = 100, order = 'newest', ...filter }) {
      const bounded = Math.min(Math.max(1, limit), MAX_PAGE);
      const after = cursor === undefined ? undefined : readCursor(cursor);
      const page = await flow.page({ ...requestOf(filter), after, limit: bounded, order });
      const entries = page.entries.filter(({ kind }) => filter.kind === undefined || kind === filter.kind);
      const views = await Promise.all(entries.map(({ kind, jobId }) => show(queues, filter, kind, jobId)));
      return { jobs: views.filter((view) => view !== undefined), cursor: cursorBehind(page) };
    },
  };
}

/** What the index knows of a filter. */
export function requestOf({
  tenantId,
  lane,
  state,
  from,
  to,
}: JobFilter): Omit<IndexRequest, 'limit' | 'order'> {
  const hasEnded = state === undefined ? undefined : state === 'completed' || state === 'failed';
  return { tenantId, lane, hasEnded, fromMs: from?.getTime(), toMs: to?.getTime() };
}

/** Undefined when BullMQ does not have the job any more, or when it is in another state. */
async function show(
  queues: Queues,
  { tenantId, state }: JobFilter,
  kind: JobKind,
  jobId: string,
): Promise<JobView | undefined> {
  const queue = queues.of(kind, tenantId);
  const [job, current] = await Promise.all([queue.getJob(jobId), queue.getJobState(jobId)]);
  if (!job || (state !== undefined && current !== state)) return undefined;
  return await viewOf(kind, job, current);
}

export function cursorBehind({ last }: IndexPage): string | null {
  return last ? Buffer.from(`${last.position} ${last.job}`).toString('base64url') : null;
}

/** @throws {OperatorError} */
export function readCursor(cursor: string): IndexEntry {
  const text = Buffer.from(cursor.slice(0, 500), 'base64url').toString();
  const [, position = '', job = ''] = /^(\d+(?:\.\d+)?) (.{3,300})$/.exec(text) ?? [];
  if (position === '') throw new OperatorError('The cursor is not one that a page gave.', 'usage');
  return { position, job };
}
