import type { JobsOptions } from 'bullmq';

/** Attempts that BullMQ allows: no limit, because the runtime ends a job when its time is over. */
export const UNCOUNTED = 1_000_000;

/** Options of a stored job: equal for every producer, so that workers can rely on them. */
export function jobOptions(
  jobId: string,
  { attempts = UNCOUNTED, delayMs = 0 } = {},
): JobsOptions & { readonly jobId: string } {
  return {
    jobId,
    ...(delayMs > 0 && { delay: delayMs }),
    attempts,
    // The runtime decides the wait after each failure.
    backoff: { type: 'custom' },
    // Workers keep more: their traces have one line.
    stackTraceLimit: 3,
    keepLogs: 20,
  };
}
