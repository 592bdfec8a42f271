import type { CollectedPage } from './collect.ts';

/** What of one organization is read, and how far that is. Written down after each page. */
export interface Window {
  readonly organizationId: string;
  readonly from: string;
  /** Not included. */
  readonly to: string;
  /** What no run has read, between the last one and this one; null when there is no such time. */
  readonly unread: { readonly from: string; readonly to: string } | null;
  /** The page to be read next, from 1. */
  readonly page: number;
  readonly read: number;
  readonly added: number;
  readonly known: number;
  readonly outOfRange: number;
  readonly unreadable: number;
  /** Records that it has, as Genesys Cloud said last. */
  readonly total: number | null;
  readonly isEnded: boolean;
  /** It has more pages than anybody reads. */
  readonly isCutOff: boolean;
  /** When its first page was answered, by the clock of Genesys Cloud; null when that is not known. */
  readonly answeredAt: string | null;
  /** Why it could not be read. */
  readonly error: { readonly code: string; readonly message: string } | null;
}

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
