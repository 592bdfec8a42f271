/** A limit on requests: at most `count` in any span of `windowMs`. */
export interface WindowLimit {
  readonly count: number;
  readonly windowMs: number;
}

/**
 * At most `rate` requests per span. Below one request per span, the span is longer. The server may
 * count in fixed or sliding windows: this fits both.
 */
export function windowOf(rate: number, spanMs: number): WindowLimit {
  const count = Math.max(1, Math.floor(rate));
  return { count, windowMs: rate < 1 ? spanMs / rate : spanMs };
}

/** The times of the last requests of one connection. */
export interface RequestLog {
  /** How long the next request must wait, ms; 0 if it may go. */
  waitMs(): number;
  note(): void;
}

/**
 * Requests may reach the server closer together than they left. So the window is longer than the
 * server's by this time, ms.
 */
const MARGIN_MS = 500;

/** @param now a clock that never goes back, ms */
export function createRequestLog({ count, windowMs }: WindowLimit, now: () => number): RequestLog {
  let times: number[] = [];
  return {
    waitMs() {
      const oldest = times.at(-count);
      return oldest === undefined ? 0 : Math.max(0, oldest + windowMs + MARGIN_MS - now());
    },
    note() {
      times = [...times, now()].slice(-count);
    },
  };
}
