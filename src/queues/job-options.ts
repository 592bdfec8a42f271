import type { JobsOptions } from 'bullmq';

/** What BullMQ is told of attempts that it must not count: the runtime ends a job when its time is over. */
export const UNCOUNTED = 1_000_000;

/** How a job is stored: the same for every producer, so that workers can rely on it. */
export function jobOptions(
  jobId: string,
  { attempts = UNCOUNTED, delayMs = 0 } = {},
): JobsOptions & { readonly jobId: string } {
  return {
    jobId,
    ...(delayMs > 0 && { delay: delayMs }),
    attempts,
    // The runtime says how long to wait, failure by failure.
    backoff: { type: 'custom' },
    // Enough to find the line; a stack of fifty frames per attempt fills Redis.
    stackTraceLimit: 3,
    keepLogs: 20,
  };
}
