import type { Allowance } from '../core/allowance.ts';
import type { CodedError } from '../core/errors.ts';
import type { JobKind } from '../jobs/catalog.ts';
import type { BucketClass } from '../jobs/define.ts';
import type { Wake } from '../redis/wakes.ts';
import type { JobRef } from './job-ref.ts';

/** What flow control is asked, and what it decides. */

export interface BucketRef {
  readonly tenantId: string;
  readonly bucketClass: BucketClass;
}

/** A job that another program removed, or that BullMQ ended by itself. */
export interface LostJob {
  readonly kind: JobKind;
  readonly tenantId: string;
  readonly jobId: string;
  /** As the scripts noted it: `<tenant> <job>`. */
  readonly note: string;
}

/** A job on its way into its queue. */
export interface Arrival {
  readonly ref: JobRef;
  /** As BullMQ and Bull Board show it. */
  readonly name: string;
  /** JSON. */
  readonly data: string;
}

/** Jobs that are accepted together. They have one kind and one partition. */
export interface Arrivals {
  readonly kind: JobKind;
  readonly jobs: readonly Arrival[];
  /** BullMQ's options of all jobs, JSON. */
  readonly options: string;
  /** The job that starts these and waits for them, and what BullMQ keeps of it, JSON. */
  readonly parent?: { readonly id: string; readonly json: string } | undefined;
  /**
   * Name of a call of several batches, `once` for a call of one entry; without it no limit holds.
   */
  readonly call?: string | undefined;
}

export interface Acceptance {
  /** In the order of the batch. */
  readonly verdicts: readonly Verdict[];
  /** Tenants with a refused job → how many of their jobs may wait. */
  readonly limits: ReadonlyMap<string, number>;
  /** The moment of acceptance by the clock of Redis, ms. */
  readonly nowMs: number;
}

/**
 * The sequence number of an accepted job, or why it was not accepted: its time is over, it is scheduled too
 * far ahead, too many jobs of its tenant wait, or its tenant is in another partition.
 */
export type Verdict = number | 'duplicate' | 'expired' | 'too far' | 'refused' | 'moved';

/** One start of a job by a worker. */
export interface RunStart {
  /** Different for each run of the job. */
  readonly number: number;
  /** Moment at which the job expires, ms since the epoch. */
  readonly expiresAtMs?: number | undefined;
  /**
   * What to do when an earlier attempt may have been delivered. `hold unanswered`: hold, but not for the
   * death of a worker alone.
   */
  readonly onUnknownOutcome: 'resend' | 'hold' | 'hold unanswered';
  /**
   * False when the worker must fetch an OAuth token first; then the verdict is `prepare` and not
   * `go`.
   */
  readonly isReady?: boolean;
  /** For how long a job that fails is tried again, ms; absent for a job that has not failed yet. */
  readonly retryForMs?: number | undefined;
}

/** Whether a run may send now. The header of admit.lua has the verdicts. */
export type Admission = {
  /** The sequence number of the job in its lane; 0 when it has none. */
  readonly sequence: number;
  readonly wakes: Wake[];
} & (
  | {
      readonly verdict: 'go';
      readonly mayBeRepetition: boolean;
      /** This admission is the first to find that the worker of an earlier attempt died. */
      readonly workerDied: boolean;
      readonly isLastAttempt: boolean;
    }
  | { readonly verdict: 'prepare' }
  | { readonly verdict: 'wait'; readonly waitMs: number; readonly reason: string }
  | { readonly verdict: 'park'; readonly reason: string }
  | { readonly verdict: 'done'; readonly entry: LedgerEntry }
  | { readonly verdict: 'expired' }
  | { readonly verdict: 'unknown'; readonly workerDied: boolean }
);

/** One more request of a job that was admitted. */
export interface Acquire {
  /** The run that was admitted. */
  readonly run: number;
  /**
   * Different for each acquisition of the run; a caller that waited asks again with the same
   * number.
   */
  readonly number: number;
  /** Longest wait that the caller takes, ms. */
  readonly patienceMs: number;
  /** How much later than usual the request may begin, ms; 0 by default. @see startMs */
  readonly lateMs?: number;
  /** What the last answer says about the rate limit. */
  readonly allowance?: Allowance | undefined;
}

/** What became of an acquisition. The header of acquire.lua has the verdicts. */
export type Acquired = { readonly wakes: Wake[] } & (
  | { readonly verdict: 'go' | 'lost' }
  | { readonly verdict: 'wait' | 'later'; readonly waitMs: number }
);

/** How a job ended, in the ledger: a word, and its outcome as JSON. */
export type LedgerEntry = `${'sent' | 'failed' | 'expired' | 'cancelled' | 'removed'} ${string}`;

/** How flow control records the end of a job. */
export interface LedgerEnding {
  readonly entry: LedgerEntry;
  /** What a failure does to the lane. */
  readonly onFailure: 'skip' | 'halt';
  /** Whether the job is one that expires. */
  readonly expires?: boolean;
  /** The audit record of the end, as JSON. It enters the outbox together with an ending that counts. */
  readonly record?: string | undefined;
}

/** A failed run that counts as an attempt. */
export interface FailedAttempt {
  /** For how long the job is tried again, from the beginning of its first failed attempt, ms. */
  readonly retryForMs: number;
  /** How long ago this attempt began, ms. */
  readonly elapsedMs: number;
}

/** Why a job is rescheduled, when its run failed. */
export interface Failure {
  readonly error?: Pick<CodedError, 'code' | 'status'> | undefined;
  /** Present when the failure counts as an attempt. */
  readonly attempt?: FailedAttempt | undefined;
}

/** When and how a rescheduled job runs again. */
export interface Return {
  readonly waitMs: number;
  /** A script will wake the job; `waitMs` does not count. */
  readonly parked: boolean;
  readonly wakes: Wake[];
  /** The circuit of the bucket is open. */
  readonly isDown: boolean;
  /** The time for which the job is tried again is over. */
  readonly isOver: boolean;
}

/** What became of an ending. */
export interface Conclusion {
  readonly wakes: Wake[];
  /**
   * The outcome that another run wrote down first; `running` when a later run has the job and will
   * end it. The given ending with a mark when it counts, and a later run may have delivered the job
   * too. Absent when the given ending counts as it is.
   */
  readonly existing?: LedgerEntry | 'running' | undefined;
  /** The audit record of the end is in the outbox. */
  readonly isNoted: boolean;
}

/** What the answer to a request says about its bucket. The header of conclude.lua has the verdicts. */
export interface BucketReport {
  readonly verdict: 'ok' | 'answered' | 'unavailable' | 'throttled' | 'refused' | 'denied';
  readonly retryAfterMs?: number | undefined;
  /** What the answer says about the rate limit. */
  readonly allowance?: Allowance | undefined;
  /** The request was sent, and no answer says whether it was carried out. */
  readonly isUnknown?: boolean;
}

/** What the metrics show of a bucket. */
export interface BucketSurvey extends BucketRef {
  /** Requests that may be sent at once. */
  readonly level: number;
  readonly burst: number;
  readonly pausedForMs: number;
  /** Why it is paused; empty without a pause. */
  readonly reason: string;
  /** Lanes whose job may run now. */
  readonly lanesRunnable: number;
  /** Lanes whose job waits for its turn. */
  readonly lanesThrottled: number;
  /** Requests under way. */
  readonly inFlight: number;
  /** Age of the oldest job that waits for its turn, ms; 0 without one. */
  readonly oldestWaitingMs: number;
  /** For how long the job has had its turn that has had it longest, ms: no worker takes it. */
  readonly oldestReadyMs: number;
}

export interface BucketStatus {
  readonly ratePerSecond: number;
  readonly burst: number;
  /** Tokens left: requests that may be sent at once. */
  readonly level: number;
  readonly pausedForMs: number;
  readonly reason: string;
  /** Failures in a row; five open the circuit. */
  readonly failures: number;
  /** Lanes in the wait queue. */
  readonly lanesWaiting: number;
  /** Lanes, and acquisitions, with a reservation. */
  readonly lanesReserved: number;
  readonly lanesBusy: number;
  /** When the last lane of the wait queue may send, ms from now. */
  readonly lastWaitMs: number;
}
