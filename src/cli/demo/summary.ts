import Table from 'cli-table3';
import type { JobKind } from '../../jobs/catalog.ts';
import type { Queues } from '../../queues/queues.ts';
import type { SandboxStats } from '../../sandbox/stats.ts';

/** What became of the jobs of one queue. */
export interface QueueSummary {
  readonly enqueued: number;
  readonly delivered: number;
  readonly failed: number;
  readonly rateLimited: number;
  /** From acceptance to delivery, ms; ascending. */
  readonly latenciesMs: readonly number[];
}

const PAGE = 1000;

/** Reads the finished jobs of a queue. */
export async function summarize(
  queues: Queues,
  kind: JobKind,
  enqueued: number,
  stats: SandboxStats,
): Promise<QueueSummary> {
  const counts = await finished(queues, kind);
  const latenciesMs: number[] = [];
  for (const queue of queuesOf(queues, kind)) {
    for (let start = 0; start < counts.delivered; start += PAGE) {
      const jobs = await queue.getCompleted(start, start + PAGE - 1);
      latenciesMs.push(...jobs.map((job) => (job.finishedOn ?? job.timestamp) - job.timestamp));
    }
  }
  latenciesMs.sort((a, b) => a - b);
  return { enqueued, ...counts, rateLimited: stats.rateLimited, latenciesMs };
}

/** How many jobs of a kind have come to their end. */
export async function finished(
  queues: Queues,
  kind: JobKind,
): Promise<{ delivered: number; failed: number }> {
  const counts = await Promise.all(
    queuesOf(queues, kind).map((queue) => queue.getJobCounts('completed', 'failed')),
  );
  const sum = (state: string) => counts.reduce((total, count) => total + (count[state] ?? 0), 0);
  return { delivered: sum('completed'), failed: sum('failed') };
}

/** The table that the demo ends with. */
export function renderSummary(summaries: ReadonlyMap<JobKind, QueueSummary>): string {
  const table = new Table({
    head: ['queue', 'enqueued', 'delivered', 'failed', 'rate-limited', 'p50', 'p95', 'p99'],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [] },
  });
  for (const [kind, { enqueued, delivered, failed, rateLimited, latenciesMs }] of summaries) {
    const latencies = [0.5, 0.95, 0.99].map((rank) => seconds(percentile(latenciesMs, rank)));
    table.push([kind, enqueued, delivered, failed, rateLimited, ...latencies]);
  }
  return table.toString();
}

/** Nearest rank; 0 of nothing. */
export function percentile(ascending: readonly number[], rank: number): number {
  return ascending[Math.max(0, Math.ceil(ascending.length * rank) - 1)] ?? 0;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

function queuesOf(queues: Queues, kind: JobKind) {
  return queues.all().filter((queue) => queue.name === kind);
}
