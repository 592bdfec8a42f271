import { z } from 'zod';
import { type Counts, sumOf } from '../../audit/counts.ts';
import { window } from '../../audit/window.ts';
import { interval, nextInterval } from './intervals.ts';

/**
 * How far the sync of one organization is. It saves this before each request that another worker
 * must not repeat from the start, and after each page.
 */
export const progress = z.object({
  /** When it began: it has read nothing that happened later. */
  begunAt: z.string(),
  window,
  /** The part of the window that it reads now. A query of the whole window may be too long. */
  interval,
  isRealtime: z.boolean(),
  /** In each interval one query after the other, one for each service. */
  questions: z.array(
    z.object({
      service: z.string(),
      wanted: z.array(
        z.object({ service: z.string(), entity: z.string().optional(), action: z.string().optional() }),
      ),
    }),
  ),
  /** The question that it asks now. */
  at: z.number(),
  /** The query of that question; null before it is asked. */
  query: z
    .object({ transactionId: z.string(), isReady: z.boolean(), polls: z.number(), deadlineMs: z.number() })
    .nullable(),
  /** The page that it reads next: a cursor, or a number from 1. */
  cursor: z.string().nullable(),
  page: z.number(),
  /** Time of the last record of this question that is in the store: a query is asked again from here. */
  through: z.string().nullable(),
  /** Queries of this question that ended without a result, in a row. */
  failures: z.number(),
});

export type Progress = Readonly<z.output<typeof progress>>;

/** Pages of one question. Without this limit the sync would follow an endless answer for ever. */
const MAX_PAGES = 20_000;

/** What a page means for the progress. */
export interface ReadPage extends Counts {
  /** Time of its last record; null if it has none. */
  readonly lastAt: string | null;
  /** Cursor of the next page. */
  readonly cursor: string | null;
  readonly isLast: boolean;
}

/**
 * The progress after the store has one more page.
 * @param maxDays longest interval of a query, days
 */
export function withPage(
  before: Progress,
  { lastAt, cursor, isLast, ...counts }: ReadPage,
  maxDays: number,
): Progress {
  const { window, page, through } = before;
  const isCutOff = !isLast && page >= MAX_PAGES;
  const after = {
    ...before,
    window: { ...window, ...sumOf(window, counts), isCutOff: window.isCutOff || isCutOff },
    cursor,
    page: page + 1,
    through: lastAt ?? through,
    failures: 0,
  };
  return isLast || isCutOff ? withNextQuestion(after, maxDays) : after;
}

/** The progress after a query ended without a result: it is asked again from what is in the store. */
export function withFailure(before: Progress): Progress {
  return { ...before, query: null, cursor: null, page: 1, failures: before.failures + 1 };
}

/** The next service of the interval, or the first one of the next interval. */
function withNextQuestion(before: Progress, maxDays: number): Progress {
  const { window, interval, questions, at } = before;
  const isOver = at + 1 >= questions.length;
  const next = isOver ? nextInterval(window, interval, maxDays) : interval;
  return {
    ...before,
    window: { ...window, isEnded: next === undefined },
    interval: next ?? interval,
    at: isOver && next ? 0 : at + 1,
    query: null,
    cursor: null,
    page: 1,
    through: null,
    failures: 0,
  };
}
