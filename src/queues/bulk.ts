import type { Job, Queue } from 'bullmq';
import type { ErrorCode } from '../core/errors.ts';
import type { Flow } from '../flow/flow.ts';
import type { IndexEntry, IndexRequest } from '../flow/job-index.ts';
import type { JobRef } from '../flow/job-ref.ts';
import type { JobKind } from '../jobs/catalog.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import { renewLayout } from '../redis/layout-store.ts';
import { redisTimeMs } from '../redis/redis-time.ts';
import { placesOf, requestOf } from './index-pages.ts';
import type { JobFilter } from './job-filter.ts';
import { codeIn, type JobState, placeIn } from './job-view.ts';
import type { Queues } from './queues.ts';
import { redrive } from './redrive.ts';

/** How far an act on many jobs has got. */
export interface BulkProgress {
  /** Jobs of the index that it has looked at. */
  readonly seen: number;
  /** Jobs that the filter means. */
  readonly matched: number;
  /** Jobs that were sent again, or cancelled; in a dry run those that would be. */
  readonly done: number;
}

export interface BulkOptions {
  /** Counts, and changes nothing. */
  readonly dryRun?: boolean;
}

/** Which dead letters go again. Those of cancelled jobs are among them only by their code. */
export type RetryFilter = Omit<JobFilter, 'state'>;

/** Acts on all jobs that a filter means, page by page. Jobs that come meanwhile are not among them. */
export interface Bulk {
  /**
   * Sends dead letters again: of each conversation in the order in which they were accepted. A job
   * that an operator cancelled goes again by its id, or with all that have its code.
   */
  retryAll(filter: RetryFilter, options?: BulkOptions): AsyncGenerator<BulkProgress>;
  /** Cancels jobs that wait, the newest first: no job gets its turn because one before it was cancelled. */
  cancelAll(filter: JobFilter, options?: BulkOptions): AsyncGenerator<BulkProgress>;
}

export interface BulkParts {
  readonly client: RedisClient;
  readonly flow: Flow;
  readonly queues: Queues;
  readonly keys: Keys;
  /** Retries one job with its failed steps. */
  readonly retry: (kind: JobKind, jobId: string) => Promise<string>;
  readonly cancel: (kind: JobKind, job: Job, mayHaveSteps: boolean) => Promise<string>;
  /** Whether `cancel` would cancel the job now. */
  readonly wouldCancel: (kind: JobKind, job: Job, mayHaveSteps: boolean) => Promise<boolean>;
}

const PAGE = 500;
/** Jobs per script, or per transaction. Redis serves no other client while it runs. */
const TRANSACTION_SIZE = 100;
/** Jobs of these kinds start other jobs. */
const STARTS_JOBS: ReadonlySet<JobKind> = new Set(['config-rollout']);

type Choice = (queue: Queue, jobId: string, job: Promise<Job | undefined>) => Promise<boolean>;

interface Candidate {
  readonly kind: JobKind;
  readonly job: Job;
}

export function createBulk({ client, flow, queues, keys, retry, cancel, wouldCancel }: BulkParts): Bulk {
  async function* pages(filter: JobFilter, order: 'newest' | 'oldest', startedMs: number) {
    // A redriven job keeps its moment, and a job that is accepted meanwhile has a later one.
    const toMs = Math.min(filter.to?.getTime() ?? Number.POSITIVE_INFINITY, startedMs);
    const request = { ...requestOf(filter), toMs, order };
    const end = await lastOfLane(request);
    let after: IndexEntry | undefined;
    do {
      const page = await flow.page({ ...request, after, limit: PAGE });
      yield page.entries.filter(({ position }) => Number(position) <= end);
      after = page.last;
    } while (after && (order === 'newest' || Number(after.position) < end));
  }

  /** A redriven job may go to the end of its conversation, where the pages must not come to it once more. */
  async function lastOfLane(request: Omit<IndexRequest, 'limit' | 'order'>): Promise<number> {
    if (request.lane === undefined) return Number.POSITIVE_INFINITY;
    const { last } = await flow.page({ ...request, limit: 1, order: 'newest' });
    return Number(last?.position ?? 0);
  }

  /** The jobs of a page that are in one of these states, in the order of the page. */
  async function candidates(
    filter: JobFilter,
    entries: readonly { readonly kind: JobKind; readonly jobId: string }[],
    isWanted: Choice,
  ): Promise<Candidate[]> {
    const possible = entries.filter(({ kind }) => filter.kind === undefined || kind === filter.kind);
    const found = await Promise.all(
      possible.map(async ({ kind, jobId }) => {
        const queue = queues.of(kind, filter.tenantId);
        const read = queue.getJob(jobId);
        const [job, isRight] = await Promise.all([read, isWanted(queue, jobId, read)]);
        return job && isRight ? [{ kind, job }] : [];
      }),
    );
    return found.flat();
  }

  /** One command: the whole state of a job takes a script of BullMQ. */
  const isDeadLetter =
    (code: ErrorCode | undefined): Choice =>
    async (queue, jobId, read) => {
      const [score, job] = await Promise.all([client.zscore(queue.toKey('failed'), jobId), read]);
      const found = codeIn(job?.failedReason);
      return score !== null && (code === undefined ? found !== 'JOB_CANCELLED' : found === code);
    };

  async function retryPage(found: readonly Candidate[]): Promise<number> {
    let done = 0;
    let run: Candidate[] = [];
    const flush = async () => {
      const [first] = run;
      const jobs = run.map(({ job }) => job);
      const outcomes = first ? await redrive({ client, flow }, first.kind, jobs) : [];
      done += outcomes.filter((outcome) => outcome === 'retried').length;
      run = [];
    };
    for (const candidate of found) {
      const isSingle = STARTS_JOBS.has(candidate.kind) || !placeIn(candidate.kind, candidate.job);
      if (isSingle || run.length === TRANSACTION_SIZE || run[0]?.kind !== candidate.kind) await flush();
      if (!isSingle) run.push(candidate);
      // Its failed steps go with it.
      else if ((await retry(candidate.kind, candidate.job.id ?? '')) === 'retried') done++;
    }
    await flush();
    return done;
  }

  /** In the order of the page: jobs that may have started others one by one, all others in batches. */
  async function cancelPage(found: readonly Candidate[]): Promise<number> {
    let done = 0;
    let batch: JobRef[] = [];
    const flush = async () => {
      const { outcomes, wakes } = await flow.cancel(batch);
      await queues.wake(wakes);
      done += outcomes.filter((outcome) => outcome === 'released').length;
      batch = [];
    };
    for (const { kind, job } of found) {
      const ref = STARTS_JOBS.has(kind) ? undefined : placeIn(kind, job);
      if (!ref || batch.length === TRANSACTION_SIZE) await flush();
      if (ref) batch.push(ref);
      else if ((await cancel(kind, job, true)) === 'cancelled') done++;
    }
    await flush();
    return done;
  }

  async function* act(
    filter: JobFilter,
    order: 'newest' | 'oldest',
    isWanted: Choice,
    perform: (found: readonly Candidate[]) => Promise<number>,
  ): AsyncGenerator<BulkProgress> {
    let [seen, matched, done] = [0, 0, 0];
    const startedMs = await redisTimeMs(client);
    for await (const { place, isLate } of places(filter.tenantId, order)) {
      const within = <Result>(work: () => Result) => keys.within(place, work);
      const iterator = within(() => pages(filter, order, startedMs));
      for (;;) {
        const page = await within(() => iterator.next());
        if (page.done) break;
        const all = await within(() => candidates(filter, page.value, isWanted));
        // A job that ended since may be one that this act had in the other partition.
        const found = all.filter(({ job }) => !isLate || (job.finishedOn ?? 0) <= startedMs);
        seen += page.value.length;
        matched += found.length;
        done += await within(() => perform(found));
        yield { seen, matched, done };
      }
    }
  }

  /** The partitions of a tenant; last the one to which the tenant moves meanwhile. */
  async function* places(tenantId: string, order: 'newest' | 'oldest') {
    const visited = new Set<number>();
    for (const isLate of [false, true]) {
      if (isLate) await renewLayout(client, keys);
      for (const place of placesOf(keys, tenantId, order)) {
        if (visited.has(place)) continue;
        visited.add(place);
        yield { place, isLate };
      }
    }
  }

  async function countRetried(found: readonly Candidate[]): Promise<number> {
    const answers = found.map(({ kind, job }) => {
      const ref = placeIn(kind, job);
      return ref === undefined || flow.wouldRedrive(ref);
    });
    return (await Promise.all(answers)).filter((wouldGo) => wouldGo).length;
  }

  async function countCancelled(found: readonly Candidate[]): Promise<number> {
    const answers = found.map(({ kind, job }) => wouldCancel(kind, job, STARTS_JOBS.has(kind)));
    return (await Promise.all(answers)).filter((wouldEnd) => wouldEnd).length;
  }

  return {
    retryAll: (filter, { dryRun = false } = {}) =>
      act(
        { ...filter, state: 'failed' },
        'oldest',
        isDeadLetter(filter.code),
        dryRun ? countRetried : retryPage,
      ),
    cancelAll: (filter, { dryRun = false } = {}) => {
      const state: JobState = filter.state ?? 'delayed';
      return act({ ...filter, state }, 'newest', isMeant(filter), dryRun ? countCancelled : cancelPage);
    },
  };
}

/** Without a state all jobs: flow control knows which can be cancelled. */
function isMeant({ state, code }: Pick<JobFilter, 'state' | 'code'>): Choice {
  return async (queue, jobId, read) => {
    if (code !== undefined && codeIn((await read)?.failedReason) !== code) return false;
    return state === undefined || (await queue.getJobState(jobId)) === state;
  };
}
