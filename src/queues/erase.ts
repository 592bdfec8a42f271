import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Job, Queue } from 'bullmq';
import type { Flow } from '../flow/flow.ts';
import { isLimited } from '../flow/job-ref.ts';
import { isMarked, markEntry } from '../flow/ledger.ts';
import { jobOf } from '../flow/notation.ts';
import { JOB_KINDS, type JobKind } from '../jobs/catalog.ts';
import { envelope } from '../jobs/envelope.ts';
import { CALLBACK_EVENTS } from '../jobs/fields.ts';
import type { RedisClient } from '../redis/connect.ts';
import { isRedisFailure } from '../redis/failure.ts';
import type { Keys } from '../redis/keys.ts';
import type { Home } from '../redis/layout.ts';
import { renewLayout } from '../redis/layout-store.ts';
import { scanKeys } from '../redis/scan.ts';
import { noticeIdOf } from '../webhooks/event.ts';
import { isJobId } from './job-id.ts';
import { placeIn } from './job-view.ts';
import type { Jobs } from './jobs.ts';
import type { Queues } from './queues.ts';

/** Whose texts leave Redis: one conversation, or one guest in all conversations. */
export interface Subject {
  readonly tenantId: string;
  readonly conversationId?: string | undefined;
  readonly guestId?: string | undefined;
  /** The session of the conversation on the guest channel. */
  readonly sessionId?: string | undefined;
}

export interface Erased {
  /** Jobs that left Redis, whether they waited, were delivered or were dead letters. */
  readonly jobs: number;
  /** Of these, jobs that waited and were cancelled first. */
  readonly cancelled: number;
  /** Callbacks and other requests to receivers that left Redis, with their attempts. */
  readonly callbacks: number;
  /** Jobs and callbacks that a worker runs now, or that a move may have hidden: the command must run again. */
  readonly left: number;
}

export interface EraseParts {
  readonly client: RedisClient;
  readonly keys: Keys;
  readonly flow: Flow;
  readonly queues: Queues;
  readonly jobs: Pick<Jobs, 'cancel'>;
}

interface Found {
  readonly kind: JobKind;
  readonly job: Job;
}

/** How long the workers may take to end the jobs that were cancelled, ms. */
const PATIENCE_MS = 10_000;
const LOOK_EVERY_MS = 100;
const CALLBACKS = 'webhook-delivery';

/**
 * Removes what was written in a conversation, or by a guest, from Redis: jobs with their results and
 * attempts, their copies, their callbacks with the log of attempts, and lanes without other jobs. Jobs that
 * wait are cancelled first.
 * The ledger keeps how each job ended, without its result: a repeated idempotency key sends nothing again.
 */
export async function erase(parts: EraseParts, subject: Subject): Promise<Erased> {
  const rounds: Erased[] = [];
  while (rounds.length < MOST_ROUNDS) {
    if (rounds.length > 0) await delay(LOOK_EVERY_MS);
    const home = await homeOf(parts, subject);
    const round = sumOf(await parts.queues.inPlaces(subject.tenantId, () => eraseHere(parts, subject)));
    rounds.push(round);
    // A job may have been on its way between two partitions, and in none of those that were read.
    const isClean = home?.move === undefined || round.jobs + round.callbacks === 0;
    if (isClean && isDeepStrictEqual(await homeOf(parts, subject), home))
      return { ...sumOf(rounds), left: round.left };
  }
  return { ...sumOf(rounds), left: Math.max(1, rounds.at(-1)?.left ?? 0) };
}

/** More rounds than a move has steps. After them the caller must run it again. */
const MOST_ROUNDS = 10;

async function homeOf({ client, keys }: EraseParts, { tenantId }: Subject): Promise<Home | undefined> {
  await renewLayout(client, keys);
  return keys.layout.state.homes.get(tenantId);
}

function sumOf(all: readonly Erased[]): Erased {
  const sum = (name: keyof Erased) => all.reduce((total, erased) => total + erased[name], 0);
  return { jobs: sum('jobs'), cancelled: sum('cancelled'), callbacks: sum('callbacks'), left: sum('left') };
}

async function eraseHere(parts: EraseParts, subject: Subject): Promise<Erased> {
  const { client, keys } = parts;
  if (subject.sessionId !== undefined)
    await client.del(keys.guestSession(subject.tenantId, subject.sessionId));
  const found = await matching(parts, subject);
  const ofJobs = found.filter(({ kind }) => kind !== CALLBACKS);
  let [cancelled, callbacks, jobs, left] = [0, 0, 0, 0];
  for (const { kind, job } of ofJobs) {
    if (job.finishedOn === undefined && (await parts.jobs.cancel(kind, job.id ?? '')) === 'cancelled')
      cancelled++;
  }
  await untilEnded(ofJobs);
  const owed = [
    ...found.filter(({ kind }) => kind === CALLBACKS),
    ...(await callbacksOf(parts, ofJobs, subject)),
  ];
  for (const { job } of new Map(owed.map((each) => [each.job.id, each])).values()) {
    if (await removeCallback(parts, subject, job)) callbacks++;
    else left++;
  }
  for (const { kind, job } of ofJobs) {
    if (await removeJob(parts, subject, kind, job)) jobs++;
    else left++;
  }
  for (const lane of lanesOf(subject, ofJobs))
    await parts.queues.wake(await parts.flow.forgetLane(subject.tenantId, lane));
  return { jobs, cancelled, callbacks, left };
}

/** The names of their keys have the ids of conversations, also when the jobs left Redis long ago. */
function lanesOf({ conversationId }: Subject, found: readonly Found[]): ReadonlySet<string> {
  const lanes = found.flatMap(({ kind, job }) => placeIn(kind, job)?.lane ?? []);
  return new Set(conversationId === undefined ? lanes : [...lanes, conversationId]);
}

/** Reads every job of a partition: no index knows guests. */
async function matching({ client, queues }: EraseParts, subject: Subject): Promise<Found[]> {
  const found: Found[] = [];
  for (const kind of JOB_KINDS) {
    const queue = queues.of(kind, subject.tenantId);
    const prefix = queue.toKey('');
    await scanKeys(client, { match: `${prefix}*`, type: 'hash' }, async (page) => {
      const ids = page.map((key) => key.slice(prefix.length));
      const jobs = ids.filter((id) => isJobId(id, queue.keys)).map((id) => queue.getJob(id));
      for (const job of await Promise.all(jobs)) if (job && concerns(job, subject)) found.push({ kind, job });
    });
  }
  return found;
}

function concerns(job: Job, { tenantId, conversationId, guestId }: Subject): boolean {
  const { data } = envelope.safeParse(job.data);
  if (data?.tenantId !== tenantId) return false;
  if (conversationId !== undefined) return holds(data.payload, 'conversationId', conversationId);
  return guestId !== undefined && holds(data.payload, 'guestId', guestId);
}

/** A callback has the ids of its job in its event. */
function holds(value: unknown, name: string, id: string): boolean {
  const open: unknown[] = [value];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const [field, held] of Object.entries(Object(next))) {
      if (field === name && held === id) return true;
      if (typeof held === 'object' && held !== null) open.push(held);
    }
  }
  return false;
}

/** Workers end cancelled jobs, and report them. */
async function untilEnded(found: readonly Found[]): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  let open = found.filter(({ job }) => job.finishedOn === undefined).map(({ job }) => job);
  while (open.length > 0 && performance.now() < deadline) {
    const states = await Promise.all(open.map((job) => job.getState()));
    open = open.filter((_, index) => states[index] !== 'completed' && states[index] !== 'failed');
    if (open.length > 0) await delay(LOOK_EVERY_MS);
  }
}

/** The requests to receivers that came of a job, by the ids that they must have. */
async function callbacksOf(
  { queues }: EraseParts,
  found: readonly Found[],
  { tenantId }: Subject,
): Promise<Found[]> {
  const queue: Queue = queues.of(CALLBACKS, tenantId);
  const ids = found.flatMap(({ job }) => {
    const jobId = job.id ?? '';
    const notices = CALLBACK_EVENTS.flatMap((ending) =>
      (['wh', 'an'] as const).map((what) => noticeIdOf(what, { jobId, ending })),
    );
    return [...notices, `cms-${jobId}`];
  });
  const jobs = await Promise.all(ids.map((id) => queue.getJob(id)));
  return jobs.flatMap((job) => (job ? [{ kind: CALLBACKS, job } as const] : []));
}

async function removeCallback(
  { client, keys }: EraseParts,
  { tenantId }: Subject,
  job: Job,
): Promise<boolean> {
  if (!(await isRemoved(job))) return false;
  await client.del(
    keys.attempts(tenantId, job.id ?? ''),
    keys.damaged(keys.partitionOf(tenantId), CALLBACKS, job.id ?? ''),
  );
  return true;
}

async function removeJob(
  { client, keys }: EraseParts,
  { tenantId }: Subject,
  kind: JobKind,
  job: Job,
): Promise<boolean> {
  const state = await job.getState();
  if (state !== 'completed' && state !== 'failed' && state !== 'unknown') return false;
  const ref = isLimited(kind) ? placeIn(kind, job) : undefined;
  if (!(await isRemoved(job))) return false;
  await client.del(keys.damaged(keys.partitionOf(tenantId), kind, job.id ?? ''));
  if (!ref) return true;
  // Partitions that the tenant has left know how its jobs ended, too.
  for (const partition of [keys.partitionOf(tenantId), ...keys.layout.formersOf(tenantId)])
    await keys.within(partition, () => forgetResult(client, keys.ledger(tenantId, jobOf(ref))));
  return true;
}

/** The first word says how the job ended, and the mark whether it may have been delivered twice. */
async function forgetResult(client: RedisClient, key: string): Promise<void> {
  const entry = (await client.get(key)) ?? '';
  const word = ENDED.find((each) => entry.startsWith(`${each} `));
  if (!word) return;
  const forgotten = `${word} {}` as const;
  await client.set(key, isMarked(entry) ? markEntry(forgotten) : forgotten, 'KEEPTTL');
}

const ENDED = ['sent', 'failed', 'expired', 'cancelled', 'removed'] as const;

/** BullMQ refuses to remove a job that a worker has. */
async function isRemoved(job: Job): Promise<boolean> {
  return await job.remove().then(
    () => true,
    (error: unknown) => {
      if (isRedisFailure(error)) throw error;
      return false;
    },
  );
}
