import type { Clock } from '../../src/core/clock.ts';

/** A timer may fire a millisecond early, and a time stamp in milliseconds drops up to another one. */
export const ROUNDING_MS = 2;

/** A clock that stands still until it is told to move. */
export interface ManualClock extends Clock {
  advance(ms: number): void;
}

/** Starts a manual clock at a fixed moment, so that tests can contain computed times. */
export function createManualClock(startMs: number = Date.UTC(2026, 0, 1)): ManualClock {
  let nowMs = startMs;
  return {
    now: () => nowMs,
    advance(ms) {
      if (ms < 0) throw new RangeError(`A clock does not run backwards (${ms} ms)`);
      nowMs += ms;
    },
  };
}
