import { readFileSync } from 'node:fs';
import type { Config } from '../config/settings.ts';
import type { JobKind } from '../jobs/catalog.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import { loadScript, type ScriptArgument, type Transaction } from '../redis/script.ts';
import { inFlightOf, type Limit } from '../tenants/tenant.ts';
import type {
  Acceptance,
  Acquire,
  Acquired,
  Admission,
  Answer,
  BucketRef,
  BucketStatus,
  Conclusion,
  Ending,
  FailedAttempt,
  LedgerEntry,
  LostJob,
  Return,
  RunStart,
  Wake,
} from './decisions.ts';
import type { JobRef } from './job-ref.ts';
import { jobOf, kindCodeOf, kindOf, kindTable, laneOf } from './notation.ts';
import { isLive, orphanedHalts, pendingCancellations } from './orphans.ts';
import {
  type AcquireReply,
  type AdmitReply,
  type ConcludeReply,
  type ReleaseReply,
  readAcquired,
  readAdmission,
  readConclusion,
  readStatus,
  readWakes,
} from './replies.ts';

/**
 * Who may go when. All state is in Redis, every decision is one script by the clock of Redis: any replica may
 * ask, and any replica may die at any line. `lane.lua` has the state machine.
 *
 *   accept   a producer hands jobs over      duplicates are told, lanes give tickets
 *   admit    a worker holds a job            now, later, or when somebody wakes it
 *   acquire     an admitted job asks for more   now, later, or not at all: it is another's now
 *   conclude the answer is there             what it means for the bucket, and who is next
 *
 * Every act may find that other jobs have got their turn: whoever called it must wake them.
 */
export interface Flow {
  /**
   * Queues the acceptance of a batch of one kind and one partition in front of BullMQ's insertions.
   * @returns reads its reply.
   */
  accept(transaction: Transaction, kind: JobKind, batch: readonly JobRef[]): (reply: unknown) => Acceptance;
  admit(ref: JobRef, run: RunStart): Promise<Admission>;
  /** Asks for the token of one more request of a job that was admitted, and is not concluded yet. */
  acquire(ref: JobRef, acquire: Acquire): Promise<Acquired>;
  /** The job has ended: its lane goes on. @param run that of `admit`; what a later one did is left alone. */
  conclude(ref: JobRef, run: number, ending: Ending, answer?: Answer): Promise<Conclusion>;
  /** The job keeps its turn, and comes again. @param run as for `conclude`. */
  reschedule(
    ref: JobRef,
    run: number,
    delayMs: number,
    answer?: Answer,
    failure?: FailedAttempt,
  ): Promise<Return>;
  /** Finds jobs whose time is over, wherever they stand; woken, they are told so when they ask for admission. */
  expire(partition: number, atMost: number): Promise<{ found: number; wakes: Wake[] }>;
  /** Whether a parked job got its turn while BullMQ was being told to park it. */
  recheck(ref: JobRef): Promise<Wake[]>;
  /** Takes a job out of its lane that will not run. */
  release(
    ref: JobRef,
    entry: LedgerEntry,
  ): Promise<{ outcome: 'released' | 'running' | 'ended'; wakes: Wake[] }>;
  /** Lets a dead letter be sent once more. @returns false when it was delivered. */
  redrive(ref: JobRef): Promise<boolean>;
  /**
   * @param limit with `sharedAs`, the bucket is that of all tenants with the same name there.
   * @param maxAgeMs how old jobs of the tenant may get.
   */
  configure(bucket: BucketRef, limit: Limit, maxAgeMs?: number | null): Promise<Wake[]>;
  pause(bucket: BucketRef, durationMs: number, reason: string): Promise<void>;
  resume(bucket: BucketRef): Promise<Wake[]>;
  /** Ends a pause that may be over since the tenant was mended: not one by hand, nor one that Genesys Cloud asked for. */
  forgive(bucket: BucketRef): Promise<Wake[]>;
  status(bucket: BucketRef): Promise<BucketStatus>;
  /** Jobs that the scripts found ended or removed behind our back, and nobody has concluded yet. */
  lost(partition: number, limit: number): Promise<LostJob[]>;
  /** The ledger learns that the job will not be sent, unless it was handed over once more meanwhile. */
  concludeLost(job: LostJob): Promise<void>;
  /** Repairs all buckets of a partition that have lanes. */
  reconcile(partition: number, patienceMs: number): Promise<{ repaired: number; wakes: Wake[] }>;
}

export interface FlowOptions {
  readonly client: RedisClient;
  readonly keys: Keys;
  /** Longest time that an attempt may take, ms; after it an attempt that was not heard of is certainly over. */
  readonly attemptMs: number;
  /** How long the ledger remembers a job, ms. */
  readonly ledgerTtlMs: number;
  /** Tests hold the time still; without it the clock of Redis counts. */
  readonly now?: () => number;
}

/** Longest time that an attempt may take, ms: a token and a request. The runtime aborts it then. */
export function attemptMs({ requestTimeoutMs }: Pick<Config, 'requestTimeoutMs'>): number {
  return 2 * requestTimeoutMs;
}

/** The times that flow control takes from the settings. */
export function timesOf(config: Pick<Config, 'requestTimeoutMs' | 'ledgerTtlMs'>) {
  return { attemptMs: attemptMs(config) + 1000, ledgerTtlMs: config.ledgerTtlMs };
}

/**
 * What the capacity is lessened by, in time at full rate: the grace of a slot, and what the network may bunch
 * up. Else a burst right behind late slots would exceed what Genesys Cloud counts.
 */
const MARGIN_MS = 250;

/** Reasons of pauses that another secret, another host or another permission of the tenant may end. */
const MENDED_BY_RELOAD = 'credentials-refused permission-missing circuit-open';

interface ConcludeOptions extends Partial<Omit<Ending, 'entry'>> {
  readonly failure?: FailedAttempt;
}

export function createFlow(options: FlowOptions): Flow {
  const { client, keys, attemptMs, ledgerTtlMs } = options;
  const preludes = [kindTable(), read('bucket.lua'), read('lane.lua')];
  const load = (name: string) => loadScript(client, new URL(`./${name}.lua`, import.meta.url), preludes);
  const scripts = {
    accept: load('accept'),
    admit: load('admit'),
    acquire: load('acquire'),
    conclude: load('conclude'),
    release: load('release'),
    recheck: load('recheck'),
    redrive: load('redrive'),
    configure: load('configure'),
    pause: load('pause'),
    status: load('status'),
    'conclude-lost': load('conclude-lost'),
    reconcile: load('reconcile'),
    expire: load('expire'),
  };
  const now = () => options.now?.() ?? '';
  const base = (tenantId: string) => [now(), keys.own(tenantId)];

  async function act(
    name: keyof typeof scripts,
    tenantId: string,
    args: readonly ScriptArgument[],
  ): Promise<unknown> {
    return await scripts[name].run([...base(tenantId), ...args]);
  }

  const concludeRun = async (
    ref: JobRef,
    run: number,
    ending: string,
    delayMs: number,
    answer: Answer | undefined,
    { onFailure = 'skip', expires = false, failure }: ConcludeOptions,
  ) => {
    const reply = await act('conclude', ref.tenantId, [
      jobOf(ref),
      ref.tenantId,
      laneOf(ref),
      ending,
      delayMs,
      answer?.verdict ?? '',
      answer?.retryAfterMs ?? -1,
      ledgerTtlMs,
      onFailure,
      answer?.remaining ?? -1,
      run,
      expires ? 1 : 0,
      failure?.retryForMs ?? '',
      failure?.elapsedMs ?? 0,
    ]);
    return readConclusion(keys.partitionOf(ref.tenantId), reply as ConcludeReply);
  };

  const open = async ({ tenantId, bucketClass }: BucketRef, reasons: string) =>
    readWakes(keys.partitionOf(tenantId), await act('pause', tenantId, [tenantId, bucketClass, 0, reasons]));

  return {
    accept(transaction, kind, batch) {
      const [first] = batch;
      if (!first) throw new TypeError('an empty batch');
      const jobs = batch.flatMap((ref) => [
        ref.jobId,
        ref.tenantId,
        laneOf(ref),
        ref.urgent ? 1 : 0,
        ref.isPart ? 1 : 0,
        ref.expiresAtMs ?? '',
      ]);
      scripts.accept.queue(transaction, [...base(first.tenantId), kindCodeOf(kind), ...jobs]);
      return (reply) => {
        const [tickets, wakes] = reply as [number[], unknown];
        return { tickets, wakes: readWakes(keys.partitionOf(first.tenantId), wakes) };
      };
    },

    async admit(ref, { number, expiresAtMs, onUnknownOutcome, isReady = true, retryForMs }) {
      const reply = await act('admit', ref.tenantId, [
        jobOf(ref),
        ref.tenantId,
        laneOf(ref),
        number,
        expiresAtMs ?? '',
        attemptMs,
        onUnknownOutcome,
        ledgerTtlMs,
        isReady ? 'ready' : 'unready',
        retryForMs ?? '',
      ]);
      return readAdmission(keys.partitionOf(ref.tenantId), reply as AdmitReply);
    },

    async acquire(ref, { run, number, patienceMs, remaining }) {
      const reply = await act('acquire', ref.tenantId, [
        jobOf(ref),
        ref.tenantId,
        laneOf(ref),
        run,
        number,
        attemptMs,
        patienceMs,
        ledgerTtlMs,
        remaining ?? -1,
      ]);
      return readAcquired(keys.partitionOf(ref.tenantId), reply as AcquireReply);
    },

    async conclude(ref, run, { entry, ...options }, answer) {
      return await concludeRun(ref, run, entry, 0, answer, options);
    },

    reschedule: (ref, run, delayMs, answer, failure) =>
      concludeRun(
        ref,
        run,
        answer?.isUnknown ? 'again unknown' : 'again',
        delayMs,
        answer,
        failure ? { failure } : {},
      ),

    async expire(partition, atMost) {
      const reply = await scripts.expire.run([now(), keys.ownOf(partition), atMost]);
      const [found, woken] = reply as [number, unknown];
      return { found, wakes: readWakes(partition, woken) };
    },

    async recheck(ref) {
      const args = [jobOf(ref), ref.tenantId, laneOf(ref)];
      return readWakes(keys.partitionOf(ref.tenantId), await act('recheck', ref.tenantId, args));
    },

    async release(ref, entry) {
      const reply = await act('release', ref.tenantId, [
        jobOf(ref),
        ref.tenantId,
        laneOf(ref),
        entry,
        ledgerTtlMs,
      ]);
      const [outcome, wakes] = reply as ReleaseReply;
      return { outcome, wakes: readWakes(keys.partitionOf(ref.tenantId), wakes) };
    },

    async redrive(ref) {
      const args = [jobOf(ref), ref.tenantId, laneOf(ref), ledgerTtlMs];
      return (await act('redrive', ref.tenantId, args)) === 1;
    },

    async configure({ tenantId, bucketClass }, limit, maxAgeMs) {
      const { intervalMs, burst } = pace(limit);
      const shared = limit.sharedAs === undefined ? '' : `*${limit.sharedAs}`;
      const args = [
        tenantId,
        bucketClass,
        intervalMs,
        burst,
        shared,
        inFlightOf(limit),
        attemptMs,
        maxAgeMs ?? '',
      ];
      return readWakes(keys.partitionOf(tenantId), await act('configure', tenantId, args));
    },

    async pause({ tenantId, bucketClass }, durationMs, reason) {
      await act('pause', tenantId, [tenantId, bucketClass, durationMs, reason]);
    },

    resume: (bucket) => open(bucket, ''),

    forgive: (bucket) => open(bucket, MENDED_BY_RELOAD),

    async status({ tenantId, bucketClass }) {
      return readStatus((await act('status', tenantId, [tenantId, bucketClass])) as string[]);
    },

    async lost(partition, limit) {
      const own = keys.ownOf(partition);
      const notes = await client.lrange(`${own}lost`, 0, limit - 1);
      const lost: LostJob[] = [];
      for (const note of notes) {
        const [tenantId = '', job = ''] = note.split(' ', 2);
        // Handed over once more, or retried, before anybody concluded it.
        if (await isLive(client, own, job)) await client.lrem(`${own}lost`, 1, note);
        else lost.push({ note, tenantId, kind: kindOf(job), jobId: job.slice(2) });
      }
      return lost;
    },

    async concludeLost({ tenantId, note }) {
      const job = note.slice(note.indexOf(' ') + 1);
      await act('conclude-lost', tenantId, [job, tenantId, note, ledgerTtlMs]);
    },

    async reconcile(partition, patienceMs) {
      const prefix = keys.ownOf(partition);
      const wakes: Wake[] = [];
      let repaired = 0;
      for await (const { job, lane } of orphanedHalts(client, prefix)) {
        const [tenantId = ''] = lane.split(':', 1);
        const [, woken] = (await act('release', tenantId, [
          job,
          tenantId,
          lane,
          '',
          ledgerTtlMs,
        ])) as ReleaseReply;
        repaired++;
        wakes.push(...readWakes(partition, woken));
      }
      for await (const job of pendingCancellations(client, prefix)) {
        wakes.push({ partition, queue: kindOf(job), jobId: job.slice(2), delayMs: 0 });
      }
      for await (const refs of client.sscanStream(`${prefix}occupied`, { count: 100 })) {
        for (const ref of refs as string[]) {
          const [tenantId = '', bucketClass = ''] = ref.split(':');
          const reply = await scripts.reconcile.run([now(), prefix, tenantId, bucketClass, patienceMs]);
          const [count, , woken] = reply as [number, number, unknown];
          repaired += count;
          wakes.push(...readWakes(partition, woken));
        }
      }
      return { repaired, wakes };
    },
  };
}

/** A limit as the scripts take it: one request every `intervalMs`, `burst` at once. */
export function pace({ capacity, ratePerSecond }: Limit): { intervalMs: number; burst: number } {
  const margin = (ratePerSecond * MARGIN_MS) / 1000;
  return { intervalMs: 1000 / ratePerSecond, burst: Math.max(1, Math.floor(capacity - margin)) };
}

function read(name: string): string {
  return readFileSync(new URL(`./${name}`, import.meta.url), 'utf8');
}
