import { z } from 'zod';
import { COUNTS, NO_COUNTS, sumOf } from './counts.ts';
import { isComplete, type Window } from './window.ts';

/** What a sync has read so far, over the organizations that it has ended. */
export const totals = z.object({
  organizations: z.number(),
  ...COUNTS,
  /** Times that the sync has not read completely; the first `NAMED` of them. */
  gaps: z.array(z.record(z.string(), z.string())),
  failed: z.number(),
  /** Organizations that the sync could not read, with the reason; the first `NAMED` of them. */
  failures: z.array(
    z.object({ organizationId: z.string(), error: z.object({ code: z.string(), message: z.string() }) }),
  ),
});

export type Totals = Readonly<z.output<typeof totals>>;

export const NOTHING: Totals = {
  organizations: 0,
  ...NO_COUNTS,
  gaps: [],
  failed: 0,
  failures: [],
};

/** Gaps and failures that a result names. */
export const NAMED = 20;

/** The totals with one more organization. */
export function withWindow(totals: Totals, window: Window): Totals {
  const { organizationId, error } = window;
  return {
    organizations: totals.organizations + 1,
    ...sumOf(totals, window),
    gaps: [...totals.gaps, ...gapsIn(window)].slice(0, NAMED),
    failed: totals.failed + (error ? 1 : 0),
    failures: [...totals.failures, ...(error ? [{ organizationId, error }] : [])].slice(0, NAMED),
  };
}

/** Times that were not read completely: before the window, or in it. */
function gapsIn(window: Window): Totals['gaps'] {
  const { organizationId, from, to, unread, error } = window;
  return [
    ...(unread ? [{ organizationId, ...unread }] : []),
    ...(error === null && !isComplete(window) ? [{ organizationId, from, to }] : []),
  ];
}
