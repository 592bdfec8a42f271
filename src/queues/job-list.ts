import { OperatorError } from '../core/errors.ts';
import type { Flow } from '../flow/flow.ts';
import type { IndexEntry, IndexPage, IndexRequest } from '../flow/job-index.ts';
import type { JobKind } from '../jobs/catalog.ts';
import type { Keys } from '../redis/keys.ts';
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

export interface JobListParts {
  readonly flow: Pick<Flow, 'page'>;
  readonly queues: Queues;
  readonly keys: Pick<Keys, 'layout' | 'within'>;
}

export function createJobList({ flow, queues, keys }: JobListParts): JobList {
  return {
    async page({ cursor, limit = 100, order = 'newest', ...filter }) {
      const bounded = Math.min(Math.max(1, limit), MAX_PAGE);
      const places = placesOf(keys, filter.tenantId, order);
      const { partition, ...after } = cursor === undefined ? FIRST_PAGE : readCursor(cursor);
      const place = Math.max(0, places.indexOf(partition ?? -1));
      const request = { ...requestOf(filter), ...after, limit: bounded, order };
      const page = await keys.within(places[place] ?? 0, () => flow.page(request));
      const entries = page.entries.filter(({ kind }) => filter.kind === undefined || kind === filter.kind);
      const views = await Promise.all(
        entries.map(({ kind, jobId }) => show(queues, { filter, places }, kind, jobId)),
      );
      return {
        jobs: views.filter((view) => view !== undefined),
        cursor: places.length === 1 ? cursorBehind(page) : cursorBetween(page, places, place),
      };
    },
  };
}

/** The partitions that may have jobs of a tenant, in the order in which a list shows their jobs. */
export function placesOf(
  { layout }: Pick<Keys, 'layout'>,
  tenantId: string,
  order: 'newest' | 'oldest',
): readonly number[] {
  const places = layout.placesOf(tenantId);
  return order === 'oldest' ? places : places.toReversed();
}

const FIRST_PAGE: Cursor = {};

/** Where a page begins; in a partition while the tenant moves. */
interface Cursor {
  readonly after?: IndexEntry;
  readonly partition?: number;
}

/** While a tenant moves, the pages of one partition come behind those of the other. */
function cursorBetween({ last }: IndexPage, places: readonly number[], place: number): string | null {
  const next = places[place + 1];
  if (last) return textOf(`${last.position} ${last.job} ${places[place]}`);
  return next === undefined ? null : textOf(`- - ${next}`);
}

function textOf(cursor: string): string {
  return Buffer.from(cursor).toString('base64url');
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
  { filter: { state }, places }: { readonly filter: JobFilter; readonly places: readonly number[] },
  kind: JobKind,
  jobId: string,
): Promise<JobView | undefined> {
  for (const place of places) {
    const queue = queues.at(kind, place);
    const [job, current] = await Promise.all([queue.getJob(jobId), queue.getJobState(jobId)]);
    if (!job) continue;
    return state === undefined || current === state ? await viewOf(kind, job, current) : undefined;
  }
  return undefined;
}

export function cursorBehind({ last }: IndexPage): string | null {
  return last ? textOf(`${last.position} ${last.job}`) : null;
}

/** @throws {OperatorError} */
export function readCursor(cursor: string): Cursor {
  const text = Buffer.from(cursor.slice(0, 500), 'base64url').toString();
  const [, position = '', job = '', partition] =
    /^(-|\d+(?:\.\d+)?) (-|\S{3,300})(?: (\d{1,5}))?$/.exec(text) ?? [];
  if (position === '') throw new OperatorError('The cursor is not one that a page gave.', 'usage');
  return {
    ...(position !== '-' && { after: { position, job } }),
    ...(partition !== undefined && { partition: Number(partition) }),
  };
}
