import type { Metrics } from './metrics.ts';

/** The outcomes that runs are counted by: how a job ended, or that it is tried again after a failure. */
export const RUN_OUTCOMES = ['delivered', 'failed', 'expired', 'held', 'retry'] as const;

export type RunOutcome = (typeof RUN_OUTCOMES)[number];

/** What is counted of one run of a job. */
export interface CountedRun {
  readonly kind: string;
  /** Absent for a tenant that this process does not know: whoever enqueues must not make up labels. */
  readonly tenantId: string | undefined;
  readonly outcome: RunOutcome;
  /** Since the job was accepted. */
  readonly latencyMs: number;
}

/** No tenant can be called so. */
const UNKNOWN_TENANT = '-';

/** Counts runs by their outcome, and measures the latency of those that were the end of their job. */
export function countRuns({ jobs, jobLatencySeconds }: Metrics): (run: CountedRun) => void {
  const shown = new Set<string>();

  return ({ kind, tenantId, outcome, latencyMs }) => {
    const tenant = tenantId ?? UNKNOWN_TENANT;
    showAllOutcomes(kind, tenant);
    jobs.inc({ kind, tenant, outcome });
    // The clock of the producer may be ahead of ours; a sum that falls looks like a restart.
    if (outcome !== 'retry') jobLatencySeconds.observe({ kind }, Math.max(0, latencyMs) / 1000);
  };

  /** A series that begins at 1 has not increased: alerts would miss the first dead letter of a tenant. */
  function showAllOutcomes(kind: string, tenant: string): void {
    const name = `${kind} ${tenant}`;
    if (shown.has(name)) return;
    shown.add(name);
    for (const outcome of RUN_OUTCOMES) jobs.inc({ kind, tenant, outcome }, 0);
  }
}
