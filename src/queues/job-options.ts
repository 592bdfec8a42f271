import type { JobsOptions } from 'bullmq';

/** How a job is stored: the same for every producer, so that workers can rely on it. */
export function jobOptions(jobId: string, attempts: number, delayMs = 0): JobsOptions & { jobId: string } {
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
