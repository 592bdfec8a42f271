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
export type Outcome =
  | { readonly kind: 'done'; readonly result: JobResult }
  | { readonly kind: 'retry'; readonly error: CodedError; readonly delayMs: number }
  | Snooze
  | { readonly kind: 'await' }
  | { readonly kind: 'reject'; readonly error: CodedError };

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

export function done(result: JobResult): Outcome {
  return { kind: 'done', result };
}

export function reject(error: CodedError): Outcome {
  return { kind: 'reject', error };
}

export function retry(error: CodedError, delayMs: number): Outcome {
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
