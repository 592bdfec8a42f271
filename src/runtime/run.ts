import type { Outcome } from '../core/outcome.ts';
import type { JobKind } from '../jobs/catalog.ts';
import type { Envelope, Saved } from '../jobs/envelope.ts';
import type { Tenant } from '../tenants/tenant.ts';

/** One run of a job, as the queue hands it over. */
export interface Run {
  readonly kind: JobKind;
  readonly jobId: string;
  readonly data: unknown;
  /** Number of this run, from 1. */
  readonly number: number;
  /** Attempts that failed before this one. */
  readonly attemptsMade: number;
  /** Attempts it may make altogether, where its kind counts them. @see isLastAttempt */
  readonly attempts: number;
  /** How many workers died with this job in their hands; it is counted from MAX_CRASHES on. */
  readonly crashes: number;
  /** What of it could not be read, when that is so. */
  readonly damaged?: string | undefined;
  /** Without the lock another worker may have the job already: no further request is begun. */
  readonly hasLock: () => boolean;
  /** When the producer handed it over, ms since the epoch. */
  readonly acceptedAtMs: number;
  readonly signal: AbortSignal;
  /** @see JobSteps.save */
  readonly save: (state: Saved) => Promise<void>;
}

/** How one run ended, and what is known of the job for the report. */
export interface Execution {
  readonly outcome: Outcome;
  /** Absent when the data was too broken to read. */
  readonly envelope?: Envelope;
  readonly tenant?: Tenant;
  /** To be done once the job is delayed: wakes it if its turn came meanwhile. */
  readonly recheck?: () => Promise<void>;
  /** Sequence number of the job in its lane; absent when it was not asked for. */
  readonly sequence?: number;
  /** An earlier attempt may have been delivered, and this one was sent all the same. */
  readonly mayBeRepetition?: boolean;
  /** The job had ended before; only its report and its place in the queue are made up for. */
  readonly replayed?: boolean;
}

/** A job that took so many workers down with it is not given to another. */
export const MAX_CRASHES = 3;
