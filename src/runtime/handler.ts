import type { z } from 'zod';
import type { Allowance } from '../core/allowance.ts';
import type { Outcome } from '../core/outcome.ts';
import type { JobKind } from '../jobs/catalog.ts';
import type { Saved } from '../jobs/envelope.ts';
import type { Child, ChildState } from '../queues/children.ts';
import type { Tenant } from '../tenants/tenant.ts';

/** What a handler is given of one job. The job is checked and admitted, and its tenant is known. */
export interface JobContext<Data> {
  readonly jobId: string;
  readonly tenant: Tenant;
  readonly data: Data;
  /** Sequence number of the job in its lane, from 1. */
  readonly sequence: number;
  /** When the producer handed the job over, ms since the epoch. */
  readonly acceptedAtMs: number;
  /** The attempt this is, from 1. A 429 starts no new attempt. */
  readonly attempt: number;
  /** Whether no attempt follows this one. */
  readonly isLastAttempt: boolean;
  /** Number of this run of the job, from 1. No two runs of a job share a number. */
  readonly run: number;
  /** Attempts that the job may make altogether; only callbacks have this limit. */
  readonly attempts: number;
  /** Aborted when the attempt takes too long, and when the process must end. */
  readonly signal: AbortSignal;
  /** Aborted only when the process must end. Until then the handler writes down what it knows. */
  readonly ending: AbortSignal;
  readonly requests: JobRequests;
  readonly steps: JobSteps;
}

/** The requests that a job makes of Genesys Cloud, and the tokens of its bucket that they take. */
export interface JobRequests {
  /**
   * Takes a token of the job's bucket. A handler of several requests calls it before each of them.
   * The first request has the token of the admission; each further one waits for its own. When the
   * next token is too far away, this throws, and the runtime reschedules the job, whatever error
   * the handler then throws. So before this call a handler saves what a second run must not do
   * again.
   */
  readonly token: () => Promise<void>;
  /**
   * Reports what Genesys Cloud says about the rate limit: other programs may use the same OAuth
   * client.
   */
  readonly noteAllowance: (allowance: Allowance) => void;
  /** Reports the id by which Genesys Cloud finds the last request in its own logs. */
  readonly noteCorrelation: (correlationId: string) => void;
}

/**
 * What a job keeps from one run to the next, and the jobs that it has begun. A single step also
 * saves through it.
 */
export interface JobSteps {
  /** An operator has cancelled the job: it begins nothing more. */
  readonly isCancelled: boolean;
  /**
   * The state that this run or an earlier one saved last; undefined when no run has saved.
   * @throws {CodedError} JOB_DAMAGED when Redis holds something else than `schema` describes.
   */
  saved<State>(schema: z.ZodType<State>): State | undefined;
  /**
   * Saves what must be neither lost nor done twice if the worker dies. The next run reads it with
   * `saved`. With `begun: true` the job runs to its end, however old it is. With `asksFirst: true`
   * the next run can find out what became of the last request, so flow control does not hold the job.
   */
  save(state: Saved): Promise<void>;
  /** The states of the jobs that this one has begun, by the names that it gave them. */
  children(): Promise<ReadonlyMap<string, ChildState>>;
  /**
   * Begins jobs of the same kind, each once. To wait for them, the handler returns
   * `awaitChildren()`.
   */
  begin(children: readonly Child[]): Promise<void>;
}

/**
 * Does the work of one kind. It returns an outcome, or throws a `CodedError`, whose disposition
 * says what follows. A handler knows nothing of BullMQ.
 */
export type Handler<Data> = (job: JobContext<Data>) => Promise<Outcome>;

/** How the attempts of a kind follow each other. */
export interface RetryPolicy {
  /** Milliseconds from a failed attempt (from 1) to the next. */
  delayMs(attempt: number): number;
}

/** One kind of job as the runtime runs it. */
export interface Task {
  /** Fetches what the requests will need. @see askAdmission */
  readonly prepare?: (tenant: Tenant) => Promise<unknown>;
  /** Whether the worker has already fetched it. */
  readonly isPrepared?: (tenant: Tenant) => boolean;
  readonly handler: Handler<never>;
  readonly retry: RetryPolicy;
  /**
   * For kinds whose handlers return a failed attempt as an outcome: an error that they throw is no
   * attempt. The runtime reschedules the job without counting one, until the job is this old, ms.
   */
  readonly reschedulesForMs?: number;
  /**
   * Whether the handler of such a job saves before each message leaves, with `asksFirst: true`. Then a
   * worker that died without that has sent nothing, and flow control does not hold its job.
   */
  readonly savesFirst?: (job: Pick<JobContext<never>, 'tenant' | 'data'>) => boolean;
  /** Longest time that an attempt may take, ms; that of a request to Genesys Cloud by default. */
  readonly attemptMs?: number;
  /**
   * For kinds whose handlers park jobs themselves: wakes a job whose turn came while BullMQ was
   * parking it. For the other kinds flow control does that.
   */
  readonly recheck?: (
    job: Pick<JobContext<never>, 'jobId' | 'tenant' | 'data'>,
    isParked: boolean,
  ) => Promise<void>;
}

/** The kinds that a process runs. */
export type Tasks = Readonly<Partial<Record<JobKind, Task>>>;
