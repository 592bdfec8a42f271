import type { CodedError } from '../core/errors.ts';
import type { Outcome } from '../core/outcome.ts';
import type { JobKind } from '../jobs/catalog.ts';
import type { EndedJob, JobFacts } from '../jobs/ended-job.ts';
import type { Saved } from '../jobs/envelope.ts';
import type { Tenant } from '../tenants/tenant.ts';
import type { Notice } from '../webhooks/event.ts';

/** One run of a job, as the queue hands it over. */
export interface Run {
  readonly kind: JobKind;
  readonly jobId: string;
  /** In clear. */
  readonly data: unknown;
  /** Why the data stayed sealed. */
  readonly sealedFor?: CodedError | undefined;
  /** Number of this run, from 1. */
  readonly number: number;
  /** Attempts that failed before this one. */
  readonly attemptsMade: number;
  /**
   * Attempts that the job may make altogether; only callbacks have this limit. @see isLastAttempt
   */
  readonly attempts: number;
  /** How many workers died while they ran this job, beyond MAX_CRASHES; 0 below. */
  readonly crashes: number;
  /** Names of its damaged fields; undefined when it has no such field. */
  readonly damaged?: string | undefined;
  /**
   * Without the lock another worker may have the job already: the run begins no further request.
   */
  readonly hasLock: () => boolean;
  /** When the producer handed the job over, ms since the epoch. A scheduled job counts from its `sendAt`. */
  readonly acceptedAtMs: number;
  readonly signal: AbortSignal;
  /** @see JobSteps.save */
  readonly save: (state: Saved) => Promise<void>;
}

/** How one run ended, and what the report needs to know of the job. */
export interface Execution {
  readonly outcome: Outcome;
  readonly job: JobFacts;
  /** Undefined while the job goes on. */
  readonly ended?: EndedJob | undefined;
  /** The post that a success makes to a CMS. */
  readonly cmsPost?: Notice | undefined;
  /** Undefined when no tenant has this id, and when the data was too damaged to read. */
  readonly tenant?: Tenant | undefined;
  /** Called after the job is delayed: wakes it if its turn came meanwhile. */
  readonly recheck?: (() => Promise<void>) | undefined;
  /** The audit record of the end is in the outbox. */
  readonly isNoted?: boolean | undefined;
  /** The job had ended before. This run only repeats its report, and settles it. */
  readonly endedBefore?: boolean | undefined;
}

/** No worker runs a job again after more than this many workers died while they ran it. */
export const MAX_CRASHES = 3;
