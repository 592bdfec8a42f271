import type { JobKind } from '../../jobs/catalog.ts';
import type { Queues } from '../../queues/queues.ts';
import type { SandboxStats } from '../../sandbox/observe/stats.ts';
import { renderTable } from '../output.ts';

/** The ends of the jobs of one queue. */
export interface QueueSummary {
  readonly enqueued: number;
  readonly delivered: number;
  readonly failed: number;
  readonly rateLimited: number;
  /** Time from acceptance to delivery, ms; ascending. */
  readonly latenciesMs: readonly number[];
}

type Queue = ReturnType<Queues['all']>[number];
type FinishedJob = Awaited<ReturnType<Queue['getCompleted']>>[number];

const PAGE = 1000;

/** The sandbox operation that limits the jobs of a kind. */
const OPERATIONS: Partial<Record<JobKind, string>> = {
  'message-transmission': 'message.send',
  'card-delivery': 'card.send',
  'embed-generation': 'widget.read',
  'config-rollout': 'configuration.write',
  'audit-sync': 'audit.query',
};

/**
 * Summarizes the enqueued jobs, and the callbacks about them.
 *
 * @param jobs number of jobs of each kind.
 */
export async function summarizeAll(
  queues: Queues,
  jobs: ReadonlyMap<JobKind, number>,
  stats: SandboxStats,
): Promise<Map<JobKind, QueueSummary>> {
  const callbacks = await jobCounts(queues, 'webhook-delivery');
  const rows = [...jobs, ['webhook-delivery', callbacks.enqueued] as const];
  const summaries = rows.map(
    async ([kind, enqueued]) => [kind, await summarize(queues, kind, enqueued, stats)] as const,
  );
  return new Map(await Promise.all(summaries));
}

/** Reads the ended jobs of a queue. */
async function summarize(
  queues: Queues,
  kind: JobKind,
  enqueued: number,
  stats: SandboxStats,
): Promise<QueueSummary> {
  const { delivered, failed } = await jobCounts(queues, kind);
  const rateLimited = stats.byOperation[OPERATIONS[kind] ?? '']?.rateLimited ?? 0;
  const latenciesMs: number[] = [];
  for (const queue of queuesOf(queues, kind)) {
    for (let start = 0; latenciesMs.length < delivered; start += PAGE) {
      const jobs = await queue.getCompleted(start, start + PAGE - 1);
      if (jobs.length === 0) break;
      latenciesMs.push(...jobs.filter(isHandedOver).map(latencyOf));
    }
  }
  latenciesMs.sort((a, b) => a - b);
  return { enqueued, delivered, failed, rateLimited, latenciesMs };
}

/** Current counts of a queue: enqueued jobs, and ended ones. */
export type JobCounts = Pick<QueueSummary, 'enqueued' | 'delivered' | 'failed'>;

export async function jobCounts(queues: Queues, kind: JobKind): Promise<JobCounts> {
  return WITH_STEPS.has(kind) ? await countEach(queues, kind) : await countAll(queues, kind);
}

async function countAll(queues: Queues, kind: JobKind): Promise<JobCounts> {
  const counts = await Promise.all(queuesOf(queues, kind).map((queue) => queue.getJobCounts()));
  const sum = (numbers: (number | undefined)[]) => numbers.reduce<number>((total, n) => total + (n ?? 0), 0);
  return {
    enqueued: sum(counts.flatMap((count) => Object.values(count))),
    delivered: sum(counts.map((count) => count['completed'])),
    failed: sum(counts.map((count) => count['failed'])),
  };
}

/** Kinds with jobs that start steps of the same kind. The counts do not include steps. */
const WITH_STEPS: ReadonlySet<JobKind> = new Set(['config-rollout']);

async function countEach(queues: Queues, kind: JobKind): Promise<JobCounts> {
  const count = async (states?: ('completed' | 'failed')[]) => {
    const jobs = await Promise.all(queuesOf(queues, kind).map((queue) => queue.getJobs(states)));
    return jobs.flat().filter(isHandedOver).length;
  };
  const [enqueued, delivered, failed] = await Promise.all([count(), count(['completed']), count(['failed'])]);
  return { enqueued, delivered, failed };
}

/** Whether the demo enqueued the job; other jobs are steps. */
function isHandedOver(job: FinishedJob): boolean {
  return job.parentKey === undefined;
}

function latencyOf({ finishedOn, timestamp }: FinishedJob): number {
  return (finishedOn ?? timestamp) - timestamp;
}

/** The table at the end of the demo. */
export function renderSummary(summaries: ReadonlyMap<JobKind, QueueSummary>): string {
  const rows = [...summaries].map(([kind, { enqueued, delivered, failed, rateLimited, latenciesMs }]) => {
    const latencies = [0.5, 0.95, 0.99].map((rank) => seconds(percentile(latenciesMs, rank)));
    return [kind, enqueued, delivered, failed, rateLimited, ...latencies];
  });
  return renderTable(HEAD, rows, ['left', ...Array<'right'>(HEAD.length - 1).fill('right')]);
}

const HEAD = ['queue', 'enqueued', 'delivered', 'failed', 'rate-limited', 'p50', 'p95', 'p99'];

/** Nearest rank; 0 for an empty list. */
export function percentile(ascending: readonly number[], rank: number): number {
  return ascending[Math.max(0, Math.ceil(ascending.length * rank) - 1)] ?? 0;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

function queuesOf(queues: Queues, kind: JobKind) {
  return queues.all().filter((queue) => queue.name === kind);
}
