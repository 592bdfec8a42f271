import { z } from 'zod';
import type { CollectedPage } from './collect.ts';
import { COUNTS, NO_COUNTS, sumOf } from './counts.ts';

const period = z.object({ from: z.string(), to: z.string() });

/**
 * The part of one organization that a sync reads, and its progress. The sync saves it after each
 * page.
 */
export const window = z.object({
  organizationId: z.string(),
  from: z.string(),
  /** The end, not included. */
  to: z.string(),
  /** The time between the last sync and this one that no sync has read; null without one. */
  unread: period.nullable(),
  /** The page that the sync reads next, from 1. */
  page: z.number(),
  ...COUNTS,
  /** Number of records of the organization, by the last answer. */
  total: z.number().nullable(),
  isEnded: z.boolean(),
  /** It has more pages than the sync reads. */
  isCutOff: z.boolean(),
  /** When Genesys Cloud answered its first page, by its clock; null when the answer did not say. */
  answeredAt: z.string().nullable(),
  /** Why the sync could not read it. */
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
});

export type Window = Readonly<z.output<typeof window>>;

/** How far back the first sync of an organization reads, ms. */
const FIRST_WINDOW_MS = 24 * 3_600_000;

/** Pages of one window. Without this limit the sync would follow an endless answer for ever. */
const MAX_PAGES = 10_000;

export interface WindowRequest {
  readonly organizationId: string;
  /** The start that the job asks for; by default the end of the last sync, less the overlap. */
  readonly from?: string | undefined;
  readonly to: string;
  /** Up to when everything has been read. */
  readonly through: string | undefined;
  /** How much each sync reads once more, ms: records may come late. */
  readonly overlapMs: number;
}

/** A window before its first page. */
export function openWindow({ organizationId, from, to, through, overlapMs }: WindowRequest): Window {
  const start = from ?? new Date(startMs(to, through, overlapMs)).toISOString();
  const isUnread = through !== undefined && Date.parse(through) < Date.parse(start);
  return {
    organizationId,
    from: start,
    to,
    unread: isUnread ? { from: through, to: start } : null,
    page: 1,
    ...NO_COUNTS,
    total: null,
    isEnded: Date.parse(start) >= Date.parse(to),
    isCutOff: false,
    answeredAt: null,
    error: null,
  };
}

/** The window after the store has one more of its pages. */
export function withPage(window: Window, page: CollectedPage): Window {
  return {
    ...window,
    page: window.page + 1,
    ...sumOf(window, page),
    total: page.total,
    answeredAt: window.page === 1 ? page.answeredAt : window.answeredAt,
    isEnded: page.isLast || window.page >= MAX_PAGES,
    isCutOff: !page.isLast && window.page >= MAX_PAGES,
  };
}

/** Whether the whole window was read: its answers may have had fewer records than their total. */
export function isComplete({ isEnded, isCutOff, error, read, total }: Window): boolean {
  return isEnded && !isCutOff && error === null && (total === null || read >= total);
}

function startMs(to: string, through: string | undefined, overlapMs: number): number {
  return through === undefined ? Date.parse(to) - FIRST_WINDOW_MS : Date.parse(through) - overlapMs;
}
