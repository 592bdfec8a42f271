import type { Outcome } from '../core/outcome.ts';
import type { Admission, BucketReport, RunStart } from '../flow/decisions.ts';
import type { JobRef } from '../flow/job-ref.ts';
import type { Envelope } from '../jobs/envelope.ts';
import type { Tenant } from '../tenants/tenant.ts';
import type { Task } from './handler.ts';
import type { Run } from './run.ts';

/**
 * One value passes through the stages of a run, and each stage adds what it finds:
 *
 *   open ──► Opened ──► parse ──► Parsed ──► admit ──► Admitted ──► perform ──► RunEnd ──► conclude ──► Execution
 *                                   │          │                       │           ▲
 *                                   └──────────┴─── error, or decided ─┴───────────┘
 */

/** The envelope of the job is readable. */
export interface Opened {
  readonly run: Run;
  readonly ref: JobRef;
  readonly envelope: Envelope;
  /** Undefined when no tenant has this id. */
  readonly tenant: Tenant | undefined;
  /** How long a failed job is retried, ms. */
  readonly retryForMs: number;
}

/** The tenant is known, and the data fits the contract. */
export interface Parsed extends Opened {
  readonly tenant: Tenant;
  readonly data: object;
  readonly task: Task;
}

/** Flow control has admitted the run. */
export interface Admitted extends Parsed {
  /** Undefined for kinds without flow control. */
  readonly admission: Admission | undefined;
  readonly onUnknownOutcome: RunStart['onUnknownOutcome'] | undefined;
  /** How long Redis took to answer, ms. */
  readonly waitedMs: number;
}

/** How a run ended, before flow control records it. */
export interface RunEnd {
  readonly outcome: Outcome;
  /**
   * What the answer says about the bucket; undefined when the run sent no request to Genesys Cloud.
   */
  readonly bucketReport?: BucketReport | undefined;
  /** Flow control has decided this outcome itself, so there is nothing to record. */
  readonly isDecided?: boolean;
  /** Flow control has admitted the run, and has said whether it is the last attempt. */
  readonly isAdmitted?: boolean;
  readonly sequence?: number;
  readonly mayBeRepetition?: boolean;
  /** @see JobFacts.correlationId */
  readonly correlationId?: string | undefined;
  readonly endedBefore?: boolean;
  readonly recheck?: () => Promise<void>;
}

/** The part of the end of a run that comes from the admission. */
export function aboutAdmission(admission: Admission | undefined): Partial<RunEnd> {
  if (!admission) return {};
  const isAdmitted = admission.verdict === 'go';
  const mayBeRepetition = admission.verdict === 'go' && admission.mayBeRepetition;
  return { sequence: admission.sequence, isAdmitted, ...(mayBeRepetition && { mayBeRepetition }) };
}
