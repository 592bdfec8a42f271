import { MAX_AHEAD_MS } from '../jobs/conditions.ts';
import type { ScriptArgument, Transaction } from '../redis/script.ts';
import type { Wake } from '../redis/wakes.ts';
import { createActs } from './acts.ts';
import type {
  Acceptance,
  Acquire,
  Acquired,
  Admission,
  Arrivals,
  BucketReport,
  Conclusion,
  Failure,
  LedgerEnding,
  LedgerEntry,
  Return,
  RunStart,
} from './decisions.ts';
import type { JobRef } from './job-ref.ts';
import { allowanceText, jobOf, kindCodeOf, laneOf } from './notation.ts';
import { PARKED_MS } from './parking.ts';
import {
  type AcceptReply,
  type AcquireReply,
  type AdmitReply,
  type ConcludeReply,
  type Released,
  type ReleasedBatch,
  type ReleaseReply,
  readAcceptance,
  readAcquired,
  readAdmission,
  readConclusion,
  readReleased,
} from './replies.ts';
import type { FlowOptions, Scripts } from './scripts.ts';

/** Flow control of single jobs, from acceptance to the end. */
export interface JobControl {
  /** Accepts a batch of jobs and inserts them into their queue. All of it happens, or nothing. */
  accept(arrivals: Arrivals): Promise<Acceptance>;
  /** Which of the jobs a partition has accepted before. */
  known(partition: number, refs: readonly JobRef[]): Promise<boolean[]>;
  /** Makes ready for `accept`: batches that are sent one after the other are accepted in that order. */
  prepareAccept(): Promise<void>;
  admit(ref: JobRef, run: RunStart): Promise<Admission>;
  /**
   * Acquires the token for one more request of a job that was admitted, and is not concluded yet.
   */
  acquire(ref: JobRef, acquire: Acquire): Promise<Acquired>;
  /**
   * The job has ended: its lane goes on.
   * @param run that of `admit`; a later run keeps what it did.
   */
  conclude(ref: JobRef, run: number, ending: LedgerEnding, bucketReport?: BucketReport): Promise<Conclusion>;
  /** The job keeps its turn, and runs again later. @param run as for `conclude`. */
  reschedule(
    ref: JobRef,
    run: number,
    delayMs: number,
    bucketReport?: BucketReport,
    failure?: Failure,
  ): Promise<Return>;
  /** Whether a parked job got its turn, or was cancelled, while it was being parked. */
  recheck(ref: JobRef): Promise<Wake[]>;
  /** Takes a job that will not run out of its lane. */
  release(ref: JobRef, entry: LedgerEntry): Promise<Released>;
  /** Cancels jobs of one partition, in this order, and lets each run: a worker ends it, and reports it. */
  cancel(refs: readonly JobRef[]): Promise<ReleasedBatch>;
  /** What {@link release} would do. Nothing is changed. */
  wouldRelease(ref: JobRef): Promise<Released['outcome']>;
  /**
   * Lets dead letters of one partition be sent once more, in front of BullMQ's part of it. They go to
   * the end of their lanes in this order.
   */
  queueRedrive(transaction: Transaction, batch: readonly JobRef[]): void;
  /** Whether `queueRedrive` would let the job be sent once more. Nothing is changed. */
  wouldRedrive(ref: JobRef): Promise<boolean>;
}

/** In the place of what a script writes. */
const ONLY_LOOK = 'look';

export function createJobControl(scripts: Scripts, options: FlowOptions): JobControl {
  const { keys, ledgerTtlMs } = options;
  const acts = createActs(scripts, options);
  const partitionOf = ({ tenantId }: JobRef) => keys.partitionOf(tenantId);
  const nameOf = (ref: JobRef) => namesOf(ref, options);

  async function conclude(conclusion: ConcludeArguments): Promise<Conclusion & Return> {
    const partition = partitionOf(conclusion.ref);
    const { tenantId } = conclusion.ref;
    const reply = await acts.perform(partition, tenantId, concludeArguments(conclusion, options));
    return readConclusion(partition, reply as ConcludeReply);
  }

  async function releaseAll(
    refs: readonly JobRef[],
    entry: LedgerEntry | typeof ONLY_LOOK,
    then: 'wake' | '' = '',
  ): Promise<ReleasedBatch> {
    const [first] = refs;
    if (!first) return { outcomes: [], wakes: [] };
    const args = [entry, ledgerTtlMs, then, ...refs.flatMap(nameOf)];
    const reply = await scripts.run('release', partitionOf(first), args);
    return readReleased(partitionOf(first), reply as ReleaseReply);
  }

  async function release(ref: JobRef, entry: LedgerEntry | typeof ONLY_LOOK): Promise<Released> {
    const { outcomes, wakes } = await releaseAll([ref], entry);
    return { outcome: outcomes[0] ?? 'ended', wakes };
  }

  return {
    async accept(arrivals) {
      const [first] = arrivals.jobs;
      if (!first) throw new TypeError('an empty batch');
      const reply = await scripts.run('accept', partitionOf(first.ref), acceptArguments(arrivals, options));
      return readAcceptance(reply as AcceptReply);
    },

    async known(partition, refs) {
      const replies = (await scripts.run('known', partition, refs.map(jobOf))) as number[];
      return replies.map((reply) => reply === 1);
    },

    prepareAccept: () => scripts.load('accept'),

    async admit(ref, run) {
      const reply = await acts.perform(partitionOf(ref), ref.tenantId, admitArguments(ref, run, options));
      return readAdmission(partitionOf(ref), reply as AdmitReply);
    },

    async acquire(ref, acquire) {
      const reply = await scripts.run('acquire', partitionOf(ref), acquireArguments(ref, acquire, options));
      return readAcquired(partitionOf(ref), reply as AcquireReply);
    },

    conclude: (ref, run, ending, bucketReport) => conclude({ ref, run, ending, bucketReport }),

    reschedule: (ref, run, delayMs, bucketReport, failure) =>
      conclude({ ref, run, delayMs, bucketReport, failure }),

    async recheck(ref) {
      return await scripts.wakesOf('recheck', partitionOf(ref), nameOf(ref));
    },

    release,
    cancel: (refs) => releaseAll(refs, 'cancelled {}', 'wake'),
    wouldRelease: async (ref) => (await release(ref, ONLY_LOOK)).outcome,

    async wouldRedrive(ref) {
      const reply = await scripts.run('redrive', partitionOf(ref), [ONLY_LOOK, ...nameOf(ref)]);
      return (reply as number[])[0] === 1;
    },

    queueRedrive(transaction, batch) {
      const [first] = batch;
      if (!first) throw new TypeError('an empty batch');
      scripts.queue('redrive', transaction, partitionOf(first), [ledgerTtlMs, ...batch.flatMap(nameOf)]);
    },
  };
}

/** ARGV[3] to ARGV[5] of the scripts that look at one job. */
function namesOf(ref: JobRef, { keys }: FlowOptions): ScriptArgument[] {
  return [jobOf(ref), ref.tenantId, laneOf(ref, keys.seal)];
}

function acceptArguments(
  { kind, jobs, options, parent, call = '' }: Arrivals,
  { keys }: FlowOptions,
): ScriptArgument[] {
  const args = [kindCodeOf(kind), call, PARKED_MS, options, parent?.id ?? '', parent?.json ?? ''];
  args.push(keys.layout.state.version, MAX_AHEAD_MS);
  for (const { ref, name, data } of jobs) {
    const mark = `${ref.urgent ? '!' : '-'}${ref.isPart ? '+' : ''}`;
    const times = [ref.expiresAtMs ?? '', ref.sendAtMs ?? ''];
    args.push(ref.jobId, ref.tenantId, laneOf(ref, keys.seal), mark, ...times, name, data);
  }
  return args;
}

function admitArguments(
  ref: JobRef,
  { number, expiresAtMs, onUnknownOutcome, isReady = true, retryForMs }: RunStart,
  options: FlowOptions,
): ScriptArgument[] {
  return [
    'admit',
    ...namesOf(ref, options),
    number,
    expiresAtMs ?? '',
    onUnknownOutcome,
    isReady ? 'ready' : 'unready',
    retryForMs ?? '',
    ref.sendAtMs ?? '',
  ];
}

function acquireArguments(
  ref: JobRef,
  { run, number, patienceMs, lateMs = 0, allowance }: Acquire,
  options: FlowOptions,
): ScriptArgument[] {
  const { requestMs, ledgerTtlMs } = options;
  const said = allowanceText(allowance, elapsedMs(options));
  return [...namesOf(ref, options), run, number, requestMs, patienceMs, ledgerTtlMs, said, lateMs];
}

/** The clock of `Allowance.sentAtMs`. */
function elapsedMs({ now = () => performance.now() }: FlowOptions): number {
  return now();
}

interface ConcludeArguments {
  readonly ref: JobRef;
  readonly run: number;
  /** Absent: the job is rescheduled. */
  readonly ending?: LedgerEnding;
  readonly delayMs?: number;
  readonly bucketReport?: BucketReport | undefined;
  readonly failure?: Failure | undefined;
}

function concludeArguments(
  { ref, run, ending, delayMs = 0, bucketReport, failure }: ConcludeArguments,
  options: FlowOptions,
): ScriptArgument[] {
  return [
    'conclude',
    ...namesOf(ref, options),
    run,
    ending?.entry ?? (bucketReport?.isUnknown ? 'again unknown' : 'again'),
    delayMs,
    bucketReport?.verdict ?? '',
    bucketReport?.retryAfterMs ?? -1,
    ending?.onFailure ?? 'skip',
    allowanceText(bucketReport?.allowance, elapsedMs(options)),
    ending?.expires ? 1 : 0,
    failure?.attempt?.retryForMs ?? '',
    failure?.attempt?.elapsedMs ?? 0,
    ending?.record ?? '',
    failure?.error === undefined ? '' : `${failure.error.code}:${failure.error.status ?? ''}`,
  ];
}
