import { setTimeout as delay } from 'node:timers/promises';
import type { Allowance } from '../core/allowance.ts';
import type { Deadline } from '../core/deadline.ts';
import { type Flow, startMs } from '../flow/flow.ts';
import type { JobRef } from '../flow/job-ref.ts';
import type { Wake } from '../redis/wakes.ts';
import type { RetryUntilAborted } from './retry-until-aborted.ts';

/** The tokens that the requests of one run take, and what their answers say about the bucket. */
export interface RequestTokens {
  /** @see JobRequests.token */
  take(): Promise<void>;
  /** @see JobRequests.noteAllowance */
  note(allowance: Allowance): void;
  /** What was noted last, if flow control does not know it yet. */
  allowance(): Allowance | undefined;
  /** Whether the run has begun a request. */
  wereTaken(): boolean;
  /** Why the run cannot go on; undefined while it can. */
  postponed(): Postponed | undefined;
}

export interface RequestTokensOptions {
  readonly flow: Flow;
  readonly retryUntilAborted: RetryUntilAborted;
  readonly wake: (wakes: readonly Wake[]) => Promise<void>;
  /** Undefined for kinds without flow control: they take nothing. */
  readonly ref: JobRef | undefined;
  /** The run that was admitted. */
  readonly run: number;
  /** The deadline of the attempt; each token restarts it. */
  readonly deadline: Deadline;
  /** The signal of the run. */
  readonly signal: AbortSignal;
  /** When the worker asked for the admission, by `performance.now`. */
  readonly askedAtMs: number;
  /** The runtime aborts the attempt this long after its last token, ms. */
  readonly attemptMs: number;
  /** Time between two tokens of the bucket, ms. */
  readonly intervalMs: number;
  /** Whether the worker still has the job. */
  readonly hasLock: () => boolean;
}

/**
 * Thrown into a handler whose next token is too far away for the worker to wait. The job is
 * rescheduled for that time, and no attempt counts. `performRun` reads this from
 * `RequestTokens.postponed`.
 */
export class Postponed extends Error {
  override readonly name = 'Postponed';
  readonly waitMs: number;
  readonly reason: string;
  constructor(waitMs: number, reason: string) {
    super(`no token for ${waitMs} ms: ${reason}`);
    this.waitMs = waitMs;
    this.reason = reason;
  }
}

/**
 * Longest wait for one token, ms: the waiting job keeps the worker from another one. It is at least
 * two intervals. Otherwise a job of two requests would start again for ever where the rate is low.
 */
const PATIENCE_MS = 10_000;

/**
 * Whether a permission to send is too old, as after an outage of Redis. The attempt counts from the
 * moment of the permission. The time that is left must suffice for a request, or another worker
 * might send it too.
 */
export function isStale(waitedMs: number, attemptMs: number): boolean {
  return waitedMs > attemptMs / 2;
}

/**
 * The first request has the token of the admission; each further one acquires its own.
 *
 * A token is good for a request that begins soon: another worker relies on the time at which the request
 * is over. So a token that came late, or that a frozen process finds after a while, is not used. The next
 * one has more time, because a slow Redis or a busy process would be late again.
 */
export function createRequestTokens(options: RequestTokensOptions): RequestTokens {
  const { flow, retryUntilAborted, ref, run, deadline, attemptMs, askedAtMs } = options;
  const latestStartMs = startMs(attemptMs);
  const patienceMs = Math.max(PATIENCE_MS, 2 * options.intervalMs);
  let taken = 0;
  let noted: Allowance | undefined;
  let postponed: Postponed | undefined;

  /** Returns the noted value once: a repeated report would be out of date. */
  function takeNoted(): Allowance | undefined {
    const allowance = noted;
    noted = undefined;
    return allowance;
  }

  async function acquire(own: JobRef, number: number): Promise<void> {
    let lateMs = 0;
    for (;;) {
      if (deadline.signal.aborted) throw givenUp(deadline.signal);
      const askedMs = performance.now();
      const request = { run, number, patienceMs, lateMs, allowance: takeNoted() };
      const acquired = await retryUntilAborted(() => flow.acquire(own, request), options.signal);
      await options.wake(acquired.wakes);
      // The time that Redis took must not count as a failed attempt.
      const waitedMs = performance.now() - askedMs;
      const isLate = deadline.signal.aborted || isStale(waitedMs, attemptMs);
      switch (acquired.verdict) {
        case 'later':
          throw new Postponed(acquired.waitMs, 'rate');
        case 'lost':
          throw new Postponed(0, 'superseded');
        case 'go':
          if (isLate) throw new Postponed(0, 'stale');
          deadline.restart(attemptMs);
          if (waitedMs <= latestStartMs + lateMs) return;
          lateMs = attemptMs / 2;
          break;
        case 'wait':
          if (isLate) throw new Postponed(0, 'stale');
          deadline.restart(acquired.waitMs + attemptMs);
          await delay(acquired.waitMs, undefined, { signal: deadline.signal }).catch(() => {});
      }
    }
  }

  async function takeNext(): Promise<void> {
    if (!options.hasLock()) throw new Postponed(0, 'lock-lost');
    taken++;
    const isGood = taken === 1 && performance.now() - askedAtMs <= latestStartMs;
    if (ref && !isGood) await acquire(ref, taken);
  }

  return {
    async take() {
      try {
        await takeNext();
      } catch (error) {
        if (error instanceof Postponed) postponed = error;
        throw error;
      }
    },
    wereTaken: () => taken > 0,
    postponed: () => postponed,
    note(allowance) {
      noted = allowance;
    },
    allowance: () => noted,
  };
}

/** A worker that must end leaves its jobs as they are. An attempt that took too long has failed. */
function givenUp({ reason }: AbortSignal): unknown {
  return reason instanceof DOMException && reason.name === 'TimeoutError'
    ? reason
    : new Postponed(0, 'given-up');
}
