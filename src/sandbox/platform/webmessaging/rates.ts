import type { Settings } from './settings.ts';

/** A count of requests in a span of time. */
export interface RateWindow {
  /** Counts a request. @returns the milliseconds to wait, if the window is full; 0 otherwise */
  take(nowMs: number, limit: number): number;
}

/**
 * A window over `spanMs`. A fixed one opens with the first request in it, a sliding one ends now. A
 * refused request does not count.
 */
export function createRateWindow(spanMs: number, kindOf: () => Settings['rates']['window']): RateWindow {
  let takenAtMs: number[] = [];

  function forget(nowMs: number): void {
    const [openedAtMs] = takenAtMs;
    if (openedAtMs === undefined) return;
    if (kindOf() === 'sliding') takenAtMs = takenAtMs.filter((atMs) => atMs > nowMs - spanMs);
    else if (nowMs >= openedAtMs + spanMs) takenAtMs = [];
  }

  return {
    take(nowMs, limit) {
      forget(nowMs);
      if (takenAtMs.length < limit) {
        takenAtMs.push(nowMs);
        return 0;
      }
      // The window of a lowered limit may hold more than the limit.
      const freeing = kindOf() === 'sliding' ? takenAtMs[takenAtMs.length - limit] : takenAtMs[0];
      return Math.max(1, (freeing ?? nowMs) + spanMs - nowMs);
    },
  };
}

/** The seconds in an answer to too many requests. */
export function retryAfterSeconds({ rates }: Settings, waitMs: number): number {
  return rates.retryAfterSeconds === 'exact' ? Math.ceil(waitMs / 1000) : rates.retryAfterSeconds;
}
