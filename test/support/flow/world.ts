import type { Admission, BucketReport, LedgerEntry } from '../../../src/flow/decisions.ts';
import { createFlow } from '../../../src/flow/flow.ts';
import { createRedis, type RedisClient } from '../../../src/redis/connect.ts';
import { createKeys, type Keys } from '../../../src/redis/keys.ts';
import { withScripts } from '../../../src/redis/script.ts';
import type { Wake } from '../../../src/redis/wakes.ts';
import type { Limit } from '../../../src/tenants/limits.ts';
import type { QuietTimes } from '../../../src/tenants/quiet-hours.ts';
import { onEnd } from '../lifetime.ts';
import { testRedis } from '../redis.ts';
import { createSimulatedQueue, type Job, type JobSpec, PARKED_MS } from './queue.ts';
import type { Fate, Grant, InHand, Reply, Run, World } from './world-shapes.ts';

export const SENT: Reply = { kind: 'sent' };
export const FAILED: Reply = { kind: 'failed' };

/** After this time an attempt is certainly over. */
export const ATTEMPT_MS = 18_000;
export const PATIENCE_MS = 10_000;
const LEDGER_TTL_MS = 3_600_000;
/** The time for retries of a failed job. */
export const RETRY_FOR_MS = 24 * 3_600_000;
/** How often workers look for deferred lanes, like deferrals.ts. */
const LOOK_EVERY_MS = 1000;
/** A worker rechecks after a longer wait, like settle.ts. */
const LONG_WAIT_MS = 1000;
/** Other workers take the jobs of a dead worker after its last heartbeat. */
const TAKEN_OVER_MS = 5000;

export interface WorldOptions {
  readonly client?: RedisClient;
  readonly prefix?: string;
  /** The delay with which BullMQ runs a job, in ms. */
  readonly latenessMs?: (job: Job) => number;
}

/** Opens a world, by default with its own client and prefix. */
export function openWorld({ client, prefix, latenessMs = () => 0 }: WorldOptions = {}): World {
  return createWorld(client ?? openClient(), createKeys(prefix ?? testRedis().prefix, 1), latenessMs);
}

/** A client that closes at the end of the current test or file. */
export function openClient(url: string = testRedis().url): RedisClient {
  const client = createRedis({ url, role: 'worker' });
  onEnd(() => client.disconnect());
  return client;
}

function createWorld(client: RedisClient, keys: Keys, latenessMs: (job: Job) => number): World {
  const queue = createSimulatedQueue({ client, keys, latenessMs });
  const { now } = queue;
  const flow = createFlow({ client, keys, requestMs: ATTEMPT_MS, ledgerTtlMs: LEDGER_TTL_MS, now });
  const grants: Grant[] = [];
  const maxAges = new Map<string, number | undefined>();
  const acceptedAtMs = new Map<string, number>();
  const configured = new Map<string, { limit?: Limit; maxAgeMs?: number; quiet?: QuietTimes }>();
  let looksAtMs = Number.POSITIVE_INFINITY;

  /** The earlier of the job's expiry and the maximum age of its tenant. */
  const expiryOf = ({ id, spec, ref }: Job): number | undefined => {
    const maxAgeMs = maxAges.get(ref.tenantId);
    const sinceMs = Math.max(acceptedAtMs.get(id) ?? 0, spec.sendAtMs ?? 0);
    const ends = [spec.expiresAtMs, maxAgeMs && sinceMs + maxAgeMs];
    const known = ends.filter((end) => end !== undefined);
    return known.length === 0 ? undefined : Math.min(...known);
  };

  const tell = (wakes: readonly Wake[], fate: Fate = 'tells') => {
    if (fate === 'tells') queue.wake(wakes);
  };
  const bucketOf = (tenantId: string) => ({ tenantId, bucketClass: 'messages' as const });

  async function configure(tenantId: string): Promise<void> {
    const { limit, maxAgeMs, quiet } = configured.get(tenantId) ?? {};
    if (!limit) return;
    tell(await flow.configure(bucketOf(tenantId), { inFlight: 100_000, ...limit }, { maxAgeMs, quiet }));
    looksAtMs = Math.min(looksAtMs, now());
  }

  /** A script may have deferred a lane: workers hear of it with their next look. */
  const lookSoon = () => {
    looksAtMs = Math.min(looksAtMs, now() + LOOK_EVERY_MS);
  };

  async function goOn(atMost = 500): Promise<number> {
    const { moved, nextMs, wakes } = await flow.due(0, atMost);
    tell(wakes);
    looksAtMs = nextMs === null ? Number.POSITIVE_INFINITY : now() + nextMs;
    return moved;
  }

  async function accept(specs: readonly JobSpec[]): Promise<readonly number[]> {
    const batch = specs.map(createJob);
    const jobs = batch.map(({ ref }) => ({ ref, name: 'text', data: '{}' }));
    const { verdicts } = await flow.accept({ kind: 'message-transmission', jobs, options: '{}' });
    batch.forEach((job, index) => {
      const verdict = verdicts[index];
      job.sequence = typeof verdict === 'number' ? verdict : 0;
    });
    const accepted = batch.filter(({ sequence }) => sequence > 0);
    await queue.follow(accepted);
    for (const { id } of accepted) acceptedAtMs.set(id, now());
    lookSoon();
    return batch.map(({ sequence }) => sequence);
  }

  async function start(id: string, fate?: Fate): Promise<Run> {
    queue.take(queue.get(id));
    return await ask(id, true, fate);
  }

  async function approach(id: string, fate?: Fate): Promise<Run> {
    queue.take(queue.get(id));
    return await ask(id, false, fate);
  }

  async function ask(id: string, isReady: boolean, fate?: Fate): Promise<Run> {
    const job = queue.get(id);
    const { onUnknownOutcome = 'resend' } = job.spec;
    const number = job.starts;
    const retryForMs = number > 1 ? RETRY_FOR_MS : undefined;
    const about = { number, expiresAtMs: expiryOf(job), onUnknownOutcome, isReady, retryForMs };
    const admission = await flow.admit(job.ref, about);
    tell(admission.wakes, fate);
    lookSoon();
    if (admission.sequence > 0) job.sequence = admission.sequence;
    const atMs = now();
    if (admission.verdict === 'go') {
      const { tenantId, lane } = job.ref;
      const { mayBeRepetition, sequence } = admission;
      grants.push({ id, tenantId, lane, sequence, atMs, mayBeRepetition });
    }
    return { job, number, startedAtMs: atMs, admission, next: undefined };
  }

  async function acquire({ job, number: run }: Run, number: number, patienceMs = 60_000) {
    const acquired = await flow.acquire(job.ref, { run, number, patienceMs });
    tell(acquired.wakes);
    return acquired;
  }

  async function conclude(run: Run, reply: Reply = SENT, fate?: Fate): Promise<void> {
    const { admission } = run;
    switch (admission.verdict) {
      case 'go':
        return await concludeWith(run, reply, fate);
      case 'wait':
        run.next = { waitMs: admission.waitMs, isParked: false };
        return;
      case 'park':
        run.next = { waitMs: PARKED_MS, isParked: true };
        return;
      case 'done':
        run.next = { end: admission.entry };
        return;
      case 'expired':
        return await record(run, 'expired {}', undefined, fate);
      case 'prepare':
        // The login failed.
        return await concludeWith(run, reply === SENT ? { kind: 'unavailable', delayMs: 1000 } : reply, fate);
      case 'unknown':
        return await record(run, 'failed {"code":"OUTCOME_UNKNOWN"}', undefined, fate);
    }
  }

  async function concludeWith(inHand: InHand, reply: Reply, fate?: Fate): Promise<void> {
    if (reply.kind === 'sent' || reply.kind === 'failed' || reply.kind === 'denied') {
      const entry = reply.kind === 'sent' ? 'sent {}' : 'failed {}';
      return await record(inHand, entry, answerOf(reply), fate);
    }
    const delayMs = 'delayMs' in reply ? reply.delayMs : 0;
    const isCounted = reply.kind === 'retry' || reply.kind === 'unavailable';
    const failure = isCounted ? { attempt: { retryForMs: RETRY_FOR_MS, elapsedMs: 0 } } : undefined;
    const { waitMs, parked, wakes } = await flow.reschedule(
      inHand.job.ref,
      inHand.number,
      delayMs,
      answerOf(reply),
      failure,
    );
    tell(wakes, fate);
    inHand.next = { waitMs: parked ? PARKED_MS : waitMs, isParked: parked };
  }

  async function record(
    inHand: InHand,
    entry: LedgerEntry,
    answer: BucketReport | undefined,
    fate?: Fate,
  ): Promise<void> {
    const { ref, spec } = inHand.job;
    const expires = expiryOf(inHand.job) !== undefined;
    const ending = { entry, onFailure: spec.onFailure ?? 'skip', expires };
    const { wakes, existing = entry } = await flow.conclude(ref, inHand.number, ending, answer);
    tell(wakes, fate);
    lookSoon();
    inHand.next = existing === 'running' ? { end: entry } : { end: existing };
  }

  async function leave({ job, next }: InHand): Promise<void> {
    if (!next) throw new TypeError(`${job.id} is not concluded`);
    if ('end' in next) return await queue.end(job, wordOf(next.end));
    queue.delay(job, next.waitMs);
    if (next.isParked || next.waitMs > LONG_WAIT_MS) tell(await flow.recheck(job.ref));
  }

  async function work(id: string, reply?: Reply): Promise<Admission> {
    const run = await start(id);
    await conclude(run, reply);
    await leave(run);
    return run.admission;
  }

  async function failEarly(id: string, reply: Reply): Promise<void> {
    const job = queue.get(id);
    queue.take(job);
    const inHand: InHand = { job, number: job.starts, next: undefined };
    await concludeWith(inHand, reply);
    await leave(inHand);
  }

  async function redrive(id: string): Promise<boolean> {
    const transaction = client.multi();
    flow.queueRedrive(transaction, [queue.get(id).ref]);
    const [[error, reply] = []] = (await withScripts(client, () => transaction.exec())) ?? [];
    if (error) throw error;
    return (reply as number[])[0] === 1;
  }

  return {
    flow,
    client,
    keys,
    grants,
    jobs: queue.jobs,
    redrive,
    due: queue.due,
    now,
    nextMs: queue.nextMs,
    pass: queue.pass,
    accept,
    start,
    acquire,
    conclude,
    leave,
    work,
    failEarly,
    approach,
    proceed: (run, fate) => ask(run.job.id, true, fate),
    async configure(tenantId, limit, maxAgeMs) {
      maxAges.set(tenantId, maxAgeMs);
      const { quiet } = configured.get(tenantId) ?? {};
      configured.set(tenantId, {
        limit,
        ...(maxAgeMs !== undefined && { maxAgeMs }),
        ...(quiet && { quiet }),
      });
      await configure(tenantId);
    },
    async quieten(tenantId, quiet) {
      const { quiet: _former, ...others } = configured.get(tenantId) ?? {};
      const next = quiet && { quiet: { ...quiet, of: JSON.stringify(quiet) } };
      configured.set(tenantId, { ...others, ...next });
      await configure(tenantId);
    },
    goOn,
    nextLookMs: () => looksAtMs,
    async expire(atMost = 500) {
      const { found, wakes } = await flow.expire(0, atMost);
      tell(wakes);
      return found;
    },
    pause: (tenantId, durationMs) => flow.pause(bucketOf(tenantId), durationMs, 'by hand'),
    resume: async (tenantId) => tell(await flow.resume(bucketOf(tenantId))),
    async add(spec) {
      await queue.add(createJob(spec));
    },
    die: ({ job }, afterMs = TAKEN_OVER_MS) => queue.stall(job, afterMs),
    remove: (id) => queue.remove(queue.get(id)),
    async cancel(id) {
      const job = queue.get(id);
      const { outcome, wakes } = await flow.release(job.ref, 'cancelled {}');
      tell(wakes);
      lookSoon();
      // A worker runs the job, finds it cancelled, and ends it.
      if (outcome === 'released' && job.state === 'delayed') queue.delay(job, 0);
      return outcome;
    },
    async retry(id) {
      const job = queue.get(id);
      if (!(await redrive(id))) return false;
      await queue.redrive(job);
      return true;
    },
    async reconcile(fate) {
      const { repaired, wakes } = await flow.reconcile(0, PATIENCE_MS);
      tell(wakes, fate);
      for (const lost of await flow.lost(0, 100)) {
        await flow.concludeLost(lost);
        const job = queue.get(lost.jobId);
        job.end ??= 'removed';
      }
      return repaired;
    },
    ledger: (id) => client.get(`${keys.own(queue.get(id).ref.tenantId)}ledger:m${id}`),
  };
}

function createJob(spec: JobSpec): Job {
  const { id, tenant = 'acme', lane = null, urgent = false } = spec;
  const kind = 'message-transmission' as const;
  const ref = {
    kind,
    tenantId: tenant,
    jobId: id,
    lane,
    urgent,
    isPart: false,
    ...(spec.expiresAtMs !== undefined && { expiresAtMs: spec.expiresAtMs }),
    ...(spec.sendAtMs !== undefined && { sendAtMs: spec.sendAtMs }),
  };
  return { id, spec, ref, sequence: 0, state: 'delayed', dueMs: 0, starts: 0, end: null };
}

function wordOf(entry: string): string {
  return entry.slice(0, entry.indexOf(' '));
}

function answerOf(reply: Reply): BucketReport | undefined {
  switch (reply.kind) {
    case 'sent':
      return { verdict: 'ok', allowance: reply.allowance };
    case 'failed':
      return { verdict: 'answered' };
    case 'retry':
      return undefined;
    case 'refused':
    case 'denied':
      return { verdict: reply.kind };
    case 'unknown':
      return { verdict: 'unavailable', isUnknown: true };
    case 'unavailable':
    case 'throttled':
      return { verdict: reply.kind, retryAfterMs: reply.retryAfterMs };
  }
}
