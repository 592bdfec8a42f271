/** What may happen to a job, in the order of its life. */
export const TIMELINE_EVENTS = [
  'accepted',
  'waited',
  'put-off',
  'postponed',
  'attempt-failed',
  'worker-died',
  'running',
  'sent',
  'delivered',
  'failed',
  'expired',
  'cancelled',
  'held',
  'redriven',
  'callback-failed',
  'callback-taken',
  'callback-replayed',
] as const;

export type TimelineWord = (typeof TIMELINE_EVENTS)[number];

/** One moment in the life of a job. It has no text of a customer. */
export interface TimelineEvent {
  /** ISO time. */
  readonly at: string;
  readonly event: TimelineWord;
  /** The same for people. */
  readonly sentence: string;
  /** ISO time at which it was over, or to which it put the job off. */
  readonly until?: string | undefined;
  /** Why the job waited. */
  readonly reason?: string | undefined;
  readonly code?: string | undefined;
  /** HTTP status of the answer. */
  readonly status?: number | undefined;
  /** Number of the attempt, from 1. */
  readonly number?: number | undefined;
  /** How often it happened in a row, when that is more than once; `lastAt` is the last time. */
  readonly times?: number | undefined;
  readonly lastAt?: string | undefined;
  /** The job of its conversation that it waited for. */
  readonly behind?: { readonly sequence: number; readonly jobId: string } | undefined;
  readonly callbackId?: string | undefined;
}
