import type { Outcome } from '../core/outcome.ts';
import type { Admission, Answer, RunStart } from '../flow/decisions.ts';
import type { JobRef } from '../flow/job-ref.ts';
import type { Envelope } from '../jobs/envelope.ts';
import type { Tenant } from '../tenants/tenant.ts';
import type { Task } from './handler.ts';
import type { Run } from './run.ts';

/**
 * One value passes through the stages of a run, and each stage adds what it finds:
 *
 *   open ──► Opened ──► parse ──► Parsed ──► admit ──► Admitted ──► perform ──► Attempt ──► conclude ──► Execution
 *                                   │          │                       │           ▲
 *                                   └──────────┴─── error, or decided ─┴───────────┘
 */

/** The envelope of the job could be read. */
export interface Opened {
  readonly run: Run;
  readonly ref: JobRef;
  readonly envelope: Envelope;
  /** Undefined when no tenant has this id. */
  readonly tenant: Tenant | undefined;
  /** For how long a job that fails is tried again, ms. */
  readonly retryForMs: number;
}

/** Its tenant is known, and its data holds to the contract. */
export interface Parsed extends Opened {
  readonly tenant: Tenant;
  readonly data: object;
  readonly task: Task;
}

/** Flow control lets it go. */
export interface Admitted extends Parsed {
  /** Undefined for kinds without flow control. */
  readonly admission: Admission | undefined;
  readonly onUnknownOutcome: RunStart['onUnknownOutcome'] | undefined;
  /** How long Redis took to say so, ms. */
  readonly waitedMs: number;
}

/** What a run came to, before flow control learns of it. */
export interface Attempt {
  readonly outcome: Outcome;
  /** What the answer says about the bucket; absent when the run asked nothing of Genesys Cloud. */
  readonly answer?: Answer | undefined;
  /** Flow control has decided this outcome itself, so it learns nothing new. */
  readonly isDecided?: boolean;
  /** Flow control has let the job go. It has counted the time of the others by itself. */
  readonly isAdmitted?: boolean;
  readonly sequence?: number;
  readonly mayBeRepetition?: boolean;
  readonly replayed?: boolean;
  readonly recheck?: () => Promise<void>;
}

/** The part of an attempt that the admission says. */
export function aboutAdmission(admission: Admission | undefined): Partial<Attempt> {
  if (!admission) return {};
  const isAdmitted = admission.verdict === 'go';
  const mayBeRepetition = admission.verdict === 'go' && admission.mayBeRepetition;
  return { sequence: admission.sequence, isAdmitted, ...(mayBeRepetition && { mayBeRepetition }) };
}
