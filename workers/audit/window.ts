import { z } from 'zod';
import type { CollectedPage } from './collect.ts';

const period = z.object({ from: z.string(), to: z.string() });

/** The part of one organization that a sync reads, and how far it is. The sync saves it after each page. */
export const window = z.object({
  organizationId: z.string(),
  from: z.string(),
  /** Not included. */
  to: z.string(),
  /** The time between the last run and this one that no run has read; null when there is none. */
  unread: period.nullable(),
  /** The page that the sync reads next, from 1. */
  page: z.number(),
  read: z.number(),
  added: z.number(),
  known: z.number(),
  outOfRange: z.number(),
  unreadable: z.number(),
  /** Records that the organization has, as the last answer said. */
  total: z.number().nullable(),
  isEnded: z.boolean(),
  /** It has more pages than the sync reads. */
  isCutOff: z.boolean(),
  /** When its first page was answered, by the clock of Genesys Cloud; null when the answer did not say. */
  answeredAt: z.string().nullable(),
  /** Why the sync could not read it. */
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
});

export type Window = Readonly<z.output<typeof window>>;

/** Longest first look back, when nothing was ever read. */
const FIRST_WINDOW_MS = 24 * 3_600_000;

/** Pages of one window; an answer that never ends must not be followed for ever. */
const MAX_PAGES = 10_000;

export interface WindowRequest {
  readonly organizationId: string;
  /** As the job asks; else from where the last run stopped, less the overlap. */
  readonly from?: string | undefined;
  readonly to: string;
  /** Up to when everything has been read. */
  readonly through: string | undefined;
  /** What is read once more each time, ms: records may come late. */
  readonly overlapMs: number;
}

/** A window of which nothing has been read yet. */
export function openWindow({ organizationId, from, to, through, overlapMs }: WindowRequest): Window {
  const start = from ?? new Date(startMs(to, through, overlapMs)).toISOString();
  const isUnread = through !== undefined && Date.parse(through) < Date.parse(start);
  return {
    organizationId,
    from: start,
    to,
    unread: isUnread ? { from: through, to: start } : null,
    page: 1,
    read: 0,
    added: 0,
    known: 0,
    outOfRange: 0,
    unreadable: 0,
    total: null,
    isEnded: Date.parse(start) >= Date.parse(to),
    isCutOff: false,
    answeredAt: null,
    error: null,
  };
}

/** The window after one more page of it is in the store. */
export function withPage(window: Window, page: CollectedPage): Window {
  return {
    ...window,
    page: window.page + 1,
    read: window.read + page.read,
    added: window.added + page.added,
    known: window.known + page.known,
    outOfRange: window.outOfRange + page.outOfRange,
    unreadable: window.unreadable + page.unreadable,
    total: page.total,
    answeredAt: window.page === 1 ? page.answeredAt : window.answeredAt,
    isEnded: page.isLast || window.page >= MAX_PAGES,
    isCutOff: !page.isLast && window.page >= MAX_PAGES,
  };
}

/** Whether everything in it was read: the answers may have had fewer records than they said there were. */
export function isComplete({ isEnded, isCutOff, error, read, total }: Window): boolean {
  return isEnded && !isCutOff && error === null && (total === null || read >= total);
}

function startMs(to: string, through: string | undefined, overlapMs: number): number {
  return through === undefined ? Date.parse(to) - FIRST_WINDOW_MS : Date.parse(through) - overlapMs;
}
