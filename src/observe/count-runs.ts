import type { Metrics } from './metrics.ts';

/**
 * The outcomes that a run is counted by: the end of the job, a retry after a failure, or a 429 of
 * Genesys Cloud, which is no failure.
 */
export const RUN_OUTCOMES = ['delivered', 'failed', 'expired', 'held', 'retry', 'throttled'] as const;

export type RunOutcome = (typeof RUN_OUTCOMES)[number];

/** The counted facts of one run. */
export interface CountedRun {
  readonly kind: string;
  /** Absent for a tenant that this process does not know: producers must not create labels. */
  readonly tenantId: string | undefined;
  readonly outcome: RunOutcome;
  /** Time since the job was accepted. */
  readonly latencyMs: number;
  /** Duration of the request that delivered the job. */
  readonly requestMs?: number | undefined;
  /** When the run ended, ms since the epoch. */
  readonly atMs: number;
}

/** Outcomes of runs that did not end their job. */
const GOES_ON: readonly RunOutcome[] = ['retry', 'throttled'];

/** Not a valid tenant id, so no tenant has this label. */
const UNKNOWN_TENANT = '-';

/** Counts runs by outcome, and measures the latency of runs that ended their job. */
export function countRuns({ jobs, jobLatencySeconds, jobWaitSeconds }: Metrics): (run: CountedRun) => void {
  const shown = new Set<string>();

  return ({ kind, tenantId, outcome, latencyMs, requestMs }) => {
    const tenant = tenantId ?? UNKNOWN_TENANT;
    showAllOutcomes(kind, tenant);
    jobs.inc({ kind, tenant, outcome });
    // The clock of the producer may be ahead. A sum that falls would look like a restart.
    if (!GOES_ON.includes(outcome)) jobLatencySeconds.observe({ kind }, Math.max(0, latencyMs) / 1000);
    if (requestMs !== undefined) jobWaitSeconds.observe({ kind }, Math.max(0, latencyMs - requestMs) / 1000);
  };

  /**
   * Creates all series with 0. A series that begins at 1 shows no increase, so alerts would miss
   * the first dead letter of a tenant.
   */
  function showAllOutcomes(kind: string, tenant: string): void {
    const name = `${kind} ${tenant}`;
    if (shown.has(name)) return;
    shown.add(name);
    for (const outcome of RUN_OUTCOMES) jobs.inc({ kind, tenant, outcome }, 0);
  }
}
