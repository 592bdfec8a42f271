import type { CodedError } from './errors.ts';
import type { Json } from './json.ts';

/**
 * How one run of a job ended. Handlers and the runtime speak in these values; only
 * `src/runtime/settle.ts` knows what each means to the queue.
 *
 *             ┌── done ────→ completed
 *   run ──────┼── reject ──→ dead letter
 *             ├── retry ───→ delayed, attempt counted ──→ run
 *             ├── snooze ──→ delayed, no attempt counted → run
 *             └── await ───→ until the jobs that it has begun have ended → run
 */
export type Outcome = FinalOutcome | Retry | Snooze | { readonly kind: 'await' };

/** The outcomes that end the job: no run follows. */
export type FinalOutcome = Done | Reject;

export interface Done {
  readonly kind: 'done';
  readonly result: JobResult;
}

export interface Reject {
  readonly kind: 'reject';
  readonly error: CodedError;
}

export interface Retry {
  readonly kind: 'retry';
  readonly error: CodedError;
  readonly delayMs: number;
}

export interface Snooze {
  readonly kind: 'snooze';
  readonly delayMs: number;
  readonly reason: string;
  readonly error?: CodedError;
  /** The job is parked: flow control wakes it before the delay is over. */
  readonly isParked?: boolean;
}

/**
 * What a delivered job stores in the queue. It has no text of a message. It is small, except for
 * the fields that its contract keeps out of logs and callbacks (`privateResultFields`).
 */
export type JobResult = Readonly<Record<string, Json>>;

export function isFinal(outcome: Outcome): outcome is FinalOutcome {
  return outcome.kind === 'done' || outcome.kind === 'reject';
}

export function done(result: JobResult): Done {
  return { kind: 'done', result };
}

export function reject(error: CodedError): Reject {
  return { kind: 'reject', error };
}

export function retry(error: CodedError, delayMs: number): Retry {
  return { kind: 'retry', error, delayMs };
}

export function snooze(delayMs: number, reason: string, error?: CodedError): Snooze {
  return { kind: 'snooze', delayMs, reason, ...(error && { error }) };
}

export function awaitChildren(): Outcome {
  return { kind: 'await' };
}

export function park(delayMs: number, reason: string): Snooze {
  return { kind: 'snooze', delayMs, reason, isParked: true };
}
