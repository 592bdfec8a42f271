import { setTimeout as delay } from 'node:timers/promises';
import { possibleJobsOf } from '../flow/notation.ts';
import type { JobKind } from '../jobs/catalog.ts';
import { shownReason } from '../jobs/shown/reasons.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import { placesOf } from './index-pages.ts';
import { readJob } from './job-list.ts';
import { codeIn } from './job-view.ts';
import type { Queues } from './queues.ts';

/** A job whose end a caller waits for. */
export interface AwaitedJob {
  readonly kind: JobKind;
  readonly tenantId: string;
  readonly jobId: string;
}

/** `removed`: another program removed it, or Redis lost it. */
export const ENDS = ['delivered', 'failed', 'expired', 'held', 'cancelled', 'removed'] as const;

export interface JobEnd extends AwaitedJob {
  readonly ended: (typeof ENDS)[number];
  /** Code and reason of a dead letter, without values of its caller. */
  readonly failedReason: string | null;
}

export interface EndsParts {
  readonly client: RedisClient;
  readonly keys: Keys;
  readonly queues: Queues;
}

/** Jobs that one look asks for at once. */
const AT_ONCE = 500;
/** From one look at all jobs to the next, ms: the longer, the longer no job ends. */
const SHORTEST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1000;

/**
 * Waits for the end of jobs, and gives each as it comes. It asks Redis for all of them, again and again, and
 * the ledger for those that Redis no longer has.
 * @throws the reason of the signal.
 */
export async function* endsOf(
  parts: EndsParts,
  jobs: readonly AwaitedJob[],
  signal: AbortSignal,
): AsyncGenerator<JobEnd, void, undefined> {
  let open = [...jobs];
  let pauseMs = SHORTEST_PAUSE_MS;
  while (open.length > 0) {
    const left: AwaitedJob[] = [];
    for (let at = 0; at < open.length; at += AT_ONCE) {
      signal.throwIfAborted();
      const asked = open.slice(at, at + AT_ONCE);
      const ends = await lookAt(parts, asked);
      yield* ends.filter((end) => end !== undefined);
      left.push(...asked.filter((_, index) => ends[index] === undefined));
    }
    pauseMs = left.length < open.length ? SHORTEST_PAUSE_MS : Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
    open = left;
    if (open.length > 0) await delay(pauseMs, undefined, { signal });
  }
}

/** The ends of some jobs; undefined for one that goes on. */
async function lookAt(parts: EndsParts, jobs: readonly AwaitedJob[]): Promise<(JobEnd | undefined)[]> {
  const states = await statesOf(parts, jobs);
  return await Promise.all(
    jobs.map(async (job) => {
      const state = states.get(job);
      if (state === 'open') return undefined;
      if (state === 'completed') return { ...job, ended: 'delivered', failedReason: null };
      return await endElsewhere(parts, job);
    }),
  );
}

/** What one round trip to each partition says about jobs at home. A job without a state is not there, or failed. */
async function statesOf(
  { client, queues }: EndsParts,
  jobs: readonly AwaitedJob[],
): Promise<ReadonlyMap<AwaitedJob, 'completed' | 'open'>> {
  const states = new Map<AwaitedJob, 'completed' | 'open'>();
  const byHome = Map.groupBy(jobs, ({ tenantId }) => queues.partitionOf(tenantId));
  for (const [partition, here] of byHome) {
    const pipeline = client.pipeline();
    for (const { kind, jobId } of here) {
      const queue = queues.at(kind, partition);
      pipeline.zscore(queue.toKey('completed'), jobId);
      pipeline.zscore(queue.toKey('failed'), jobId);
      pipeline.exists(queue.toKey(jobId));
    }
    const replies = (await pipeline.exec()) ?? [];
    for (const [error] of replies) if (error) throw error;
    for (const [index, job] of here.entries()) {
      const [completed, failed, exists] = [0, 1, 2].map((at) => replies[3 * index + at]?.[1]);
      if (completed !== null) states.set(job, 'completed');
      else if (failed === null && exists === 1) states.set(job, 'open');
    }
  }
  return states;
}

/** Of a dead letter, and of a job that is in no queue of its home. */
async function endElsewhere(parts: EndsParts, job: AwaitedJob): Promise<JobEnd | undefined> {
  const { queues, keys } = parts;
  const found = await readJob(queues, placesOf(keys, job.tenantId, 'newest'), job.kind, job.jobId);
  if (!found) return { ...job, ended: await endInLedger(parts, job), failedReason: null };
  if (found.state === 'completed') return { ...job, ended: 'delivered', failedReason: null };
  if (found.state !== 'failed') return undefined;
  const { failedReason } = found.job;
  const ended = OF_CODE[codeIn(failedReason) ?? ''] ?? 'failed';
  return { ...job, ended, failedReason: failedReason ? shownReason(failedReason) : null };
}

const OF_CODE: Readonly<Record<string, JobEnd['ended']>> = {
  JOB_EXPIRED: 'expired',
  JOB_CANCELLED: 'cancelled',
  JOB_REMOVED: 'removed',
  OUTCOME_UNKNOWN: 'held',
};

/** How a job ended that Redis does not keep any more. */
async function endInLedger(
  { client, keys }: EndsParts,
  { kind, tenantId, jobId }: AwaitedJob,
): Promise<JobEnd['ended']> {
  const [name = ''] = possibleJobsOf(kind, jobId);
  for (const place of [...keys.layout.placesOf(tenantId), ...keys.layout.formersOf(tenantId)]) {
    const entry = await keys.within(place, () => client.get(keys.ledger(tenantId, name)));
    const ended = OF_WORD[/^[a-z]+/.exec(entry ?? '')?.[0] ?? ''];
    if (ended) return ended;
  }
  return 'removed';
}

const OF_WORD: Readonly<Record<string, JobEnd['ended']>> = {
  sent: 'delivered',
  failed: 'failed',
  expired: 'expired',
  cancelled: 'cancelled',
  removed: 'removed',
};
