import type { Json } from '../../src/core/json.ts';
import type { JobResult } from '../../src/core/outcome.ts';
import { isComplete, type Window } from './window.ts';

/** What a sync came to so far, over the organizations that have been read. */
export interface Totals extends JobResult {
  readonly organizations: number;
  readonly read: number;
  readonly added: number;
  readonly known: number;
  readonly outOfRange: number;
  readonly unreadable: number;
  /** Times of which not everything was read; some of many. */
  readonly gaps: readonly Json[];
  readonly failed: number;
  /** Organizations that could not be read, with the reason; some of many. */
  readonly failures: readonly Failure[];
}

export interface Failure extends Readonly<Record<string, Json>> {
  readonly organizationId: string;
  readonly error: { readonly code: string; readonly message: string };
}

export const NOTHING: Totals = {
  organizations: 0,
  read: 0,
  added: 0,
  known: 0,
  outOfRange: 0,
  unreadable: 0,
  gaps: [],
  failed: 0,
  failures: [],
};

/** Gaps and failures that are named. */
const NAMED = 20;

/** The totals with one more organization. */
export function withWindow(totals: Totals, window: Window): Totals {
  const { organizationId, error } = window;
  return {
    organizations: totals.organizations + 1,
    read: totals.read + window.read,
    added: totals.added + window.added,
    known: totals.known + window.known,
    outOfRange: totals.outOfRange + window.outOfRange,
    unreadable: totals.unreadable + window.unreadable,
    gaps: [...totals.gaps, ...gapsIn(window)].slice(0, NAMED),
    failed: totals.failed + (error ? 1 : 0),
    failures: [...totals.failures, ...(error ? [{ organizationId, error }] : [])].slice(0, NAMED),
  };
}

/** Times of which not everything was read: before the window, or in it. */
function gapsIn(window: Window): Json[] {
  const { organizationId, from, to, unread, error } = window;
  return [
    ...(unread ? [{ organizationId, ...unread }] : []),
    ...(error === null && !isComplete(window) ? [{ organizationId, from, to }] : []),
  ];
}
