/** The size of a bucket, and the speed at which it refills. */
export interface BucketLimit {
  capacity: number;
  ratePerSecond: number;
}

/** The decision of a bucket about one request. */
export interface Grant {
  isGranted: boolean;
  /** The whole tokens that are left, for `X-RateLimit-Remaining`. */
  remaining: number;
  /** Whole seconds until the next token, at least 1. It is 0 for a granted request. */
  retryAfterSeconds: number;
}

/** A token bucket. It has no timer: it computes its level from the time since the last call. */
export interface Bucket {
  take(nowMs: number): Grant;
  /** From now on another program takes this many tokens per second. */
  setForeignPerSecond(foreignPerSecond: number, nowMs: number): void;
}

// The sum of many small refills ends slightly below the whole number that it should reach.
const ROUNDING_TOLERANCE = 1e-9;

/** A full bucket of the given size. */
export function createBucket(limit: BucketLimit, createdAtMs: number): Bucket {
  let tokens = limit.capacity;
  let levelAtMs = createdAtMs;
  let foreignPerSecond = 0;

  function refill(nowMs: number): void {
    // A clock that goes back takes no tokens away. It adds no token twice when it catches up.
    if (nowMs <= levelAtMs) return;
    const gained = ((limit.ratePerSecond - foreignPerSecond) * (nowMs - levelAtMs)) / 1000;
    tokens = Math.max(0, Math.min(limit.capacity, tokens + gained));
    levelAtMs = nowMs;
  }

  return {
    take(nowMs) {
      refill(nowMs);
      if (tokens + ROUNDING_TOLERANCE < 1) {
        return { isGranted: false, remaining: 0, retryAfterSeconds: secondsUntilOne(tokens, limit) };
      }
      tokens = Math.max(0, tokens - 1);
      return { isGranted: true, remaining: Math.floor(tokens + ROUNDING_TOLERANCE), retryAfterSeconds: 0 };
    },
    setForeignPerSecond(perSecond, nowMs) {
      refill(nowMs);
      foreignPerSecond = perSecond;
    },
  };
}

// Without the foreign load: a server cannot know whether the other program continues.
function secondsUntilOne(tokens: number, limit: BucketLimit): number {
  return Math.max(1, Math.ceil((1 - tokens) / limit.ratePerSecond - ROUNDING_TOLERANCE));
}
