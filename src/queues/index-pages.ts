import { OperatorError } from '../core/errors.ts';
import type { Flow } from '../flow/flow.ts';
import type { IndexEntry, IndexPage, IndexRequest } from '../flow/job-index.ts';
import type { Keys } from '../redis/keys.ts';
import type { JobFilter } from './job-filter.ts';

/** Pages of the index of jobs, over all partitions that may have jobs of the tenant. */

export const MAX_PAGE = 1000;

export interface PageParts {
  readonly flow: Pick<Flow, 'page'>;
  readonly keys: Pick<Keys, 'layout' | 'within'>;
}

export interface PageRequest {
  readonly filter: JobFilter;
  /** From the page before. */
  readonly cursor?: string | undefined;
  /** Entries that the page looks at, 1 to {@link MAX_PAGE}. */
  readonly limit: number;
  readonly order: 'newest' | 'oldest';
}

/** Entries of one partition. */
export interface Page extends Pick<IndexPage, 'entries'> {
  readonly partition: number;
  /** Entries that the page has looked at. A filter by kind leaves some of them out. */
  readonly seen: number;
  /** Null when there are no more pages. */
  readonly cursor: string | null;
}

/**
 * Reads one page. Jobs that BullMQ no longer has may be among its entries.
 * @throws {OperatorError} `usage` for a cursor that no page gave.
 */
export async function readPage({ flow, keys }: PageParts, request: PageRequest): Promise<Page> {
  const { filter, cursor, order } = request;
  const places = placesOf(keys, filter.tenantId, order);
  const { partition, ...after } = cursor === undefined ? FIRST_PAGE : readCursor(cursor);
  const place = Math.max(0, places.indexOf(partition ?? -1));
  const limit = Math.min(Math.max(1, request.limit), MAX_PAGE);
  const here = places[place] ?? 0;
  const page = await keys.within(here, () => flow.page({ ...requestOf(filter), ...after, limit, order }));
  return {
    partition: here,
    seen: page.entries.length,
    entries: page.entries.filter(({ kind }) => filter.kind === undefined || kind === filter.kind),
    cursor: places.length === 1 ? cursorBehind(page) : cursorBetween(page, places, place),
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

function cursorBehind({ last }: IndexPage): string | null {
  return last ? textOf(`${last.position} ${last.job}`) : null;
}

function textOf(cursor: string): string {
  return Buffer.from(cursor).toString('base64url');
}

function readCursor(cursor: string): Cursor {
  const text = Buffer.from(cursor.slice(0, 500), 'base64url').toString();
  const [, position = '', job = '', partition] =
    /^(-|\d+(?:\.\d+)?) (-|\S{3,300})(?: (\d{1,5}))?$/.exec(text) ?? [];
  if (position === '') throw new OperatorError('The cursor is not one that a page gave.', 'usage');
  return {
    ...(position !== '-' && { after: { position, job } }),
    ...(partition !== undefined && { partition: Number(partition) }),
  };
}
