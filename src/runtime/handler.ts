import type { Outcome } from '../core/outcome.ts';
import type { JobKind } from '../jobs/catalog.ts';
import type { Saved } from '../jobs/envelope.ts';
import type { Child, ChildState } from '../queues/children.ts';
import type { Tenant } from '../tenants/tenant.ts';

/** One job in the hands of its handler: checked, admitted, its tenant known. */
export interface JobContext<Data> {
  readonly jobId: string;
  readonly tenant: Tenant;
  readonly data: Data;
  /** Ticket of the job in its lane, from 1. */
  readonly sequence: number;
  /** When the producer handed it over, ms since the epoch. */
  readonly acceptedAtMs: number;
  /** The attempt this is, from 1; a 429 starts no new one. */
  readonly attempt: number;
  /** Whether there is none after this one. */
  readonly isLastAttempt: boolean;
  /** Which start of the job this is; each has a number of its own. */
  readonly run: number;
  /** Attempts that it may make altogether. */
  readonly attempts: number;
  /** Aborted when the attempt takes too long, and when the process must end. */
  readonly signal: AbortSignal;
  /** Aborted only when the process must end: until then what is known is written down. */
  readonly ending: AbortSignal;
  /**
   * Takes a token of the job's bucket; called before each request by a handler that makes several. The first request
   * has the token that the job was admitted with, each further one waits for its own. A token that is too far away
   * sends the job back, to come again: what must not be done twice is written down before.
   * @throws {Postponed} let it pass.
   */
  readonly token: () => Promise<void>;
  /** How many more requests Genesys Cloud says it would take now: others may be using the same OAuth client. */
  readonly noteRemaining: (requests: number) => void;
  /** What `save` was last given, by this run or an earlier one. */
  readonly saved: Saved | undefined;
  /**
   * Writes down what must neither be forgotten nor be done twice when the worker dies: whichever goes on with the job finds
   * it in `saved`. A job that has said `begun: true` here is brought to its end however old it is.
   */
  readonly save: (state: Saved) => Promise<void>;
  /** What has become of the jobs that this one has begun, by the names it gave them. */
  readonly children: () => Promise<ReadonlyMap<string, ChildState>>;
  /** Begins jobs of the same kind, each once, however often it is said. To wait for them, return `awaitChildren()`. */
  readonly begin: (children: readonly Child[]) => Promise<void>;
}

/**
 * Does the work of one kind. Returns an outcome, or throws a `CodedError`, whose disposition says what
 * follows. It knows nothing of queues.
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
  /** Whether that is at hand already. */
  readonly isPrepared?: (tenant: Tenant) => boolean;
  readonly handler: Handler<never>;
  readonly retry: RetryPolicy;
  /**
   * For kinds whose handlers return a failed attempt as an outcome: whatever is thrown was no attempt, and the job comes again
   * without one being counted, for so long since it was handed over, ms.
   */
  readonly reschedulesForMs?: number;
  /** Longest time that an attempt may take, ms; that of a request to Genesys Cloud by default. */
  readonly attemptMs?: number;
  /**
   * For kinds whose handlers park jobs themselves: wakes one whose turn came while BullMQ was being told to park it. For
   * the others flow control does.
   */
  readonly recheck?: (
    job: Pick<JobContext<never>, 'jobId' | 'tenant' | 'data'>,
    isParked: boolean,
  ) => Promise<void>;
}

/** The kinds that a process runs. */
export type Tasks = Readonly<Partial<Record<JobKind, Task>>>;
