import type { JobsOptions } from 'bullmq';
import { TRACES_KEPT } from './attempt-trace.ts';

/**
 * Options that hold for every job. Redis does not keep them with a job, where they would take a tenth
 * of its memory. Whatever reads a job out of Redis gives it these. A stored job has only the options
 * in which it differs; one of an earlier version has all.
 */
export const USUAL_OPTIONS = {
  // The runtime ends a job when its time is over. BullMQ would also count runs that Redis refused,
  // and end the job without a report.
  attempts: 1_000_000,
  // The runtime decides the wait after each failure.
  backoff: { type: 'custom' },
  stackTraceLimit: TRACES_KEPT,
} as const satisfies JobsOptions;
