import type { Job, Queue } from 'bullmq';
import type { Flow } from '../flow/flow.ts';
import type { Waiting } from '../flow/wait-reason.ts';
import type { JobKind } from '../jobs/catalog.ts';
import { envelope } from '../jobs/envelope.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import { closeData } from '../seal/job-values.ts';
import { createWebhookRecords } from '../webhooks/records.ts';
import { type AttemptView, attemptsOf } from './attempts.ts';
import { type Bulk, createBulk } from './bulk.ts';
import { deliveryOf } from './callback-job.ts';
import type { Children, ChildState } from './children.ts';
import { type ConversationPage, type ConversationRequest, createConversations } from './conversation.ts';
import { createDeadLetters, type DeadLetterPage, type DeadLetterRequest } from './dead-letters.ts';
import { createExplainJob, type Explained } from './explain-job.ts';
import { createFindJob, type FoundJob, type JobPlace, type MaySee } from './find-job.ts';
import { type CallbackView, createJobCallbacks } from './job-callbacks.ts';
import { createJobList, type JobList } from './job-list.ts';
import { type JobState, type JobView, placeIn, tenantIdOf, viewOf } from './job-view.ts';
import type { Queues } from './queues.ts';
import { createReadTimeline } from './read-timeline.ts';
import { redrive } from './redrive.ts';
import { replay } from './replay.ts';
import { unlessMoved } from './reprocess.ts';
import { createSearch, type SearchPage, type SearchRequest } from './search.ts';
import type { TimelineEvent } from './timeline-events.ts';

export { JOB_STATES, type JobState, type JobView, SHOWN_STATES, type StepCounts } from './job-view.ts';

/** What programs may see of jobs. */
export interface JobReads extends JobList {
  /** Undefined when there is no such job. */
  get(kind: JobKind, jobId: string): Promise<JobView | undefined>;
  /**
   * The job with this id, whatever its kind, with its failed attempts and why it waits. A job whose
   * tenant the caller may not see costs the same commands as an unknown id.
   */
  find(jobId: string, maySee?: MaySee): Promise<DetailedJobView | undefined>;
  /** Where a job is, and whose it is. A damaged job has no tenant. */
  locate(jobId: string, kind?: JobKind): Promise<JobPlace | undefined>;
  /** Why the job waits. */
  why(jobId: string): Promise<Explained | undefined>;
  /** The life of the job, by time. A job whose tenant the caller may not see is unknown. */
  timeline(jobId: string, maySee?: MaySee): Promise<Timeline | undefined>;
  /** The jobs of a conversation in their order. */
  conversation(request: ConversationRequest): Promise<ConversationPage>;
  /** Jobs by what an operator has at hand. */
  search(request: SearchRequest): Promise<SearchPage>;
  /** The dead letters of a tenant, grouped by their code. */
  deadLetters(request: DeadLetterRequest): Promise<DeadLetterPage>;
  /** The newest jobs of a state, newest first. */
  list(kind: JobKind, state: JobState, limit: number): Promise<JobView[]>;
}

/**
 * Acts of an operator on jobs. They leave no record: `src/operate` calls them and writes it. The
 * buttons of the board would ignore lanes and the ledger.
 */
export interface Jobs extends JobReads, Bulk {
  /**
   * Ends a waiting job: no worker sends it, the next job of its lane goes on, and its callback
   * reports it. A request under way cannot be taken back. For a job that waits for its steps, this
   * cancels the waiting steps, and the job concludes with the steps that are done.
   */
  cancel(kind: JobKind, jobId: string): Promise<Cancellation>;
  /**
   * Sends a dead letter again, with all its attempts, and its failed steps. Never a job that was
   * delivered.
   */
  retry(kind: JobKind, jobId: string): Promise<Retrial>;
}

export type Cancellation = 'cancelled' | 'running' | 'ended' | 'unknown';
export type Retrial = 'retried' | 'delivered' | 'not-failed' | 'unknown';

export interface DetailedJobView extends JobView {
  readonly attempts: readonly AttemptView[];
  /** ISO time of the next attempt, the earliest one; null when it is not known. */
  readonly nextAttemptAt: string | null;
  readonly waiting: Waiting;
  /** Its callbacks that Redis still knows: one for each end that was reported. */
  readonly callbacks: readonly CallbackView[];
}

/** The life of a job so far, and why it waits now. */
export interface Timeline extends JobPlace {
  readonly events: readonly TimelineEvent[];
  readonly waiting: Waiting;
}

export interface JobsOptions {
  readonly client: RedisClient;
  readonly keys: Keys;
  readonly flow: Flow;
  readonly queues: Queues;
  readonly children: Children;
}

export function createJobs({ client, keys, flow, queues, children }: JobsOptions): Jobs {
  const { of: find, anywhere, placeOf } = createFindJob({ client, keys, queues });
  const records = createWebhookRecords(client, keys);
  const explain = createExplainJob({ client, keys, flow, records });
  const callbacks = createJobCallbacks(client, queues, records);

  const explainHere = (found: FoundJob) => queues.withJob(found.job, () => explain(found));

  /** The callbacks of a tenant may stay behind in the partition that it has left. */
  const inPlaces = async <Item extends { readonly id: string }>(
    tenantId: string,
    read: () => Promise<readonly Item[]>,
  ): Promise<Item[]> => {
    const all = (await queues.inPlaces(tenantId, read)).flat();
    return [...new Map(all.map((item) => [item.id, item])).values()];
  };
  const readTimeline = createReadTimeline({
    client,
    flow,
    queues,
    records,
    callbackAttempts: (tenantId, jobId) => inPlaces(tenantId, () => callbacks.attempts(tenantId, jobId)),
  });

  /** The steps of a job that have one of these states. */
  const begunBy = async (kind: JobKind, job: Job, ...wanted: ChildState['status'][]): Promise<string[]> => {
    const opened = envelope.safeParse(job.data);
    if (!opened.success || job.id === undefined) return [];
    const jobId = job.id;
    const states = await children.of({ kind, tenantId: opened.data.tenantId, jobId });
    return [...states].flatMap(([name, { status }]) => (wanted.includes(status) ? [`${jobId}-${name}`] : []));
  };

  /** The job goes on to its end, and starts no more steps. */
  const cancelBegun = async (kind: JobKind, job: Job): Promise<Cancellation> => {
    if (job.finishedOn !== undefined) return 'ended';
    const { saved } = envelope.parse(job.data);
    const data = { ...job.data, saved: { ...saved, cancelled: true } };
    const owner = { tenantId: data.tenantId, jobId: job.id ?? '' };
    await job.updateData(JSON.parse(closeData(keys.seal, owner, JSON.stringify(data))));
    for (const childId of await begunBy(kind, job, 'pending')) await cancel(kind, childId);
    return 'cancelled';
  };

  function cancelJob(kind: JobKind, job: Job, mayHaveSteps = true): Promise<Cancellation> {
    return queues.withJob(job, () => cancelHere(kind, job, mayHaveSteps));
  }

  async function cancelHere(kind: JobKind, job: Job, mayHaveSteps: boolean): Promise<Cancellation> {
    const ref = placeIn(kind, job);
    if (!ref) return 'unknown';
    const hasBegunOthers = mayHaveSteps && (await begunBy(kind, job, 'pending', 'done', 'failed')).length > 0;
    if (hasBegunOthers) return await cancelBegun(kind, job);
    const { outcomes, wakes } = await flow.cancel([ref]);
    await queues.wake(wakes);
    const [outcome = 'ended'] = outcomes;
    return outcome === 'released' ? 'cancelled' : outcome;
  }

  async function wouldCancel(kind: JobKind, job: Job, mayHaveSteps: boolean): Promise<boolean> {
    const ref = placeIn(kind, job);
    if (!ref) return false;
    const hasBegunOthers = mayHaveSteps && (await begunBy(kind, job, 'pending', 'done', 'failed')).length > 0;
    if (hasBegunOthers) return job.finishedOn === undefined;
    return (await flow.wouldRelease(ref)) === 'released';
  }

  async function cancel(kind: JobKind, jobId: string): Promise<Cancellation> {
    const job = await find(kind, jobId);
    return job ? await cancelJob(kind, job) : 'unknown';
  }

  async function retry(kind: JobKind, jobId: string): Promise<Retrial> {
    const job = await find(kind, jobId);
    return job ? await queues.withJob(job, () => retryHere(kind, job)) : 'unknown';
  }

  async function retryHere(kind: JobKind, job: Job): Promise<Retrial> {
    if (!(await job.isFailed())) return 'not-failed';
    const delivery = kind === 'webhook-delivery' ? deliveryOf(job) : undefined;
    if (delivery) {
      const [isReplayed] = await replay({ client, records }, delivery.tenantId, [{ job, state: 'failed' }]);
      return isReplayed ? 'retried' : 'not-failed';
    }
    const ref = placeIn(kind, job);
    if (!ref) return await retryDamaged(job);
    const steps = await begunBy(kind, job, 'failed');
    if (steps.length > 0 && !(await flow.wouldRedrive(ref))) return 'delivered';
    // BullMQ makes the parent wait for them again.
    for (const childId of steps) await retry(kind, childId);
    const [outcome = 'unknown'] = await redrive({ client, flow }, kind, [job]);
    return outcome;
  }

  /** A worker makes it a dead letter again, or repairs it. */
  async function retryDamaged(job: Job): Promise<Retrial> {
    await queues.forgetPast(job);
    const again = job.retry('failed', { resetAttemptsMade: true });
    return (await unlessMoved(again)) ? 'retried' : 'not-failed';
  }

  return {
    async get(kind, jobId) {
      const job = await find(kind, jobId);
      return job && (await viewOf(kind, job));
    },

    async find(jobId, maySee = () => true) {
      const found = await anywhere(jobId, maySee);
      if (!found) return undefined;
      const [view, explained] = await Promise.all([viewOf(found.kind, found.job), explainHere(found)]);
      const attempts = attemptsOf(found.job, view.state);
      const { tenantId } = view;
      const views = tenantId === null ? [] : await inPlaces(tenantId, () => callbacks.views(tenantId, jobId));
      const waiting = withoutPlace(explained);
      return { ...view, attempts, nextAttemptAt: waiting.until, waiting, callbacks: views };
    },

    async timeline(jobId, maySee = () => true) {
      const found = await anywhere(jobId, maySee);
      if (!found) return undefined;
      const [events, explained] = await Promise.all([
        queues.withJob(found.job, () => readTimeline(found)),
        explainHere(found),
      ]);
      const { kind, job } = found;
      return { kind, tenantId: tenantIdOf(job), events, waiting: withoutPlace(explained) };
    },

    async locate(jobId, kind) {
      if (!kind) return await placeOf(jobId);
      const job = await find(kind, jobId);
      return job && { kind, tenantId: tenantIdOf(job) };
    },

    async why(jobId) {
      const found = await anywhere(jobId);
      return found && (await explainHere(found));
    },

    async list(kind, state, limit) {
      const queuesOfKind = queues.all().filter((queue) => queue.name === kind);
      const read = (queue: Queue) => queue.getJobs([state], 0, limit - 1);
      const pages = await Promise.all(queuesOfKind.map(read));
      const views = await Promise.all(pages.flat().map((job) => viewOf(kind, job, state)));
      return views.sort(newestFirst).slice(0, limit);
    },

    cancel,
    retry,
    ...createJobList({ flow, queues, keys }),
    conversation: createConversations({
      flow,
      queues,
      keys,
      countWaiting: flow.countWaitingIn,
      explain: async (found) => withoutPlace(await explainHere(found)),
    }),
    search: createSearch({ client, flow, queues, keys }),
    deadLetters: createDeadLetters({ client, flow, queues, keys }),
    ...createBulk({ client, flow, queues, keys, retry, cancel: cancelJob, wouldCancel }),
  };
}

/** What is beside the id of a job already. */
function withoutPlace({ jobId: _jobId, kind: _kind, tenantId: _tenantId, ...waiting }: Explained): Waiting {
  return waiting;
}

/** Jobs without a readable time come first: the operator looks for them. */
function newestFirst(a: JobView, b: JobView): number {
  if (a.acceptedAt === null || b.acceptedAt === null)
    return Number(a.acceptedAt !== null) - Number(b.acceptedAt !== null);
  return b.acceptedAt.localeCompare(a.acceptedAt);
}
