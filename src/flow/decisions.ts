import type { JobKind } from '../jobs/catalog.ts';
import type { BucketClass } from '../jobs/define.ts';

/** What goes into the acts of flow control, and what they decide. */

export interface BucketRef {
  readonly tenantId: string;
  readonly bucketClass: BucketClass;
}

/** A job whose turn has come, or will have come after the delay; BullMQ must be told. */
export interface Wake {
  readonly partition: number;
  readonly queue: string;
  readonly jobId: string;
  readonly delayMs: number;
}

export interface LostJob {
  readonly kind: JobKind;
  readonly tenantId: string;
  readonly jobId: string;
  /** As the scripts noted it: `<tenant> <job>`. */
  readonly note: string;
}

export interface Acceptance {
  /** In the order of the batch; 0 for a duplicate, -1 for one that BullMQ does not have and must not get. */
  readonly tickets: readonly number[];
  readonly wakes: Wake[];
}

/** One start of a job by a worker. */
export interface RunStart {
  /** Different for each start of the job. */
  readonly number: number;
  /** Moment at which it expires, ms since the epoch. */
  readonly expiresAtMs?: number | undefined;
  /** What to do when an earlier attempt may have been delivered. */
  readonly onUnknownOutcome: 'resend' | 'hold';
  /** False when credentials must be fetched before a request can be made; then it is not told to go yet. */
  readonly isReady?: boolean;
  /** For how long a job that fails is tried again, ms; only of one that has failed. */
  readonly retryForMs?: number | undefined;
}

export type Admission = {
  readonly ticket: number;
  readonly wakes: Wake[];
} /** `workerDied`: it is found now that an earlier attempt may have been carried out. */ & (
  | {
      readonly verdict: 'go';
      readonly mayBeRepetition: boolean;
      readonly workerDied: boolean;
      readonly isLastAttempt: boolean;
    }
  /** Its turn has come: fetch the credentials, and ask again. */
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
  /** Different for each acquisition of the run; the same when one that waited asks again. */
  readonly number: number;
  /** Longest wait that the caller takes, ms. */
  readonly patienceMs: number;
  /** How many more requests the other side says it would take now. */
  readonly remaining?: number | undefined;
}

/** What became of an acquisition; `acquire.lua` has the meanings. */
export type Acquired = { readonly wakes: Wake[] } & (
  | { readonly verdict: 'go' | 'lost' }
  | { readonly verdict: 'wait' | 'later'; readonly waitMs: number }
);

/** How a job ended, in the ledger: a word, and what is to be remembered. */
export type LedgerEntry = `${'sent' | 'failed' | 'expired' | 'cancelled' | 'removed'} ${string}`;

export interface Ending {
  readonly entry: LedgerEntry;
  /** What a failure does to the lane. */
  readonly onFailure: 'skip' | 'halt';
  /** Whether the job is one that expires. */
  readonly expires?: boolean;
}

/** An attempt that has failed, and counts. */
export interface FailedAttempt {
  /** For how long the job is tried again, from the beginning of its first attempt, ms. */
  readonly retryForMs: number;
  /** How long ago this attempt began, ms. */
  readonly elapsedMs: number;
}

/** When and how a job comes again. */
export interface Return {
  readonly waitMs: number;
  /** Somebody will wake it. */
  readonly parked: boolean;
  readonly wakes: Wake[];
  /** The circuit of the bucket is open. */
  readonly isDown: boolean;
  /** The time for which it is tried again is over. */
  readonly isOver: boolean;
}

/** What became of an ending. */
export interface Conclusion {
  readonly wakes: Wake[];
  /**
   * How the job ended, when another run had ended it before; `running`: a later one has it in its hands, and will
   * end it. Absent when the ending is the one that was given: only then is it to be told.
   */
  readonly existing?: LedgerEntry | 'running' | undefined;
}

/** What an answer says about the bucket; see conclude.lua. */
export interface Answer {
  readonly verdict: 'ok' | 'answered' | 'unavailable' | 'throttled' | 'refused' | 'denied';
  readonly retryAfterMs?: number | undefined;
  /** How many more requests the other side would take. */
  readonly remaining?: number | undefined;
  /** The request was sent, and may have been carried out, although no answer says so. */
  readonly isUnknown?: boolean;
}

export interface BucketStatus {
  readonly ratePerSecond: number;
  readonly burst: number;
  /** Requests that could be sent at once. */
  readonly level: number;
  readonly pausedForMs: number;
  readonly reason: string;
  /** Failures in a row; five open the circuit. */
  readonly failures: number;
  readonly lanesInLine: number;
  readonly lanesWithSlot: number;
  readonly lanesBusy: number;
  /** When the last lane in line will have its turn, ms. */
  readonly lastWaitMs: number;
}
