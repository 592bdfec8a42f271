/** How large a bucket is and how fast it fills again. */
export interface BucketLimit {
  capacity: number;
  ratePerSecond: number;
}

/** What a bucket says to one request. */
export interface Grant {
  isGranted: boolean;
  /** Whole tokens left, as `X-RateLimit-Remaining` tells them. */
  remaining: number;
  /** Whole seconds after which a token is there again, at least 1; 0 when this request was granted. */
  retryAfterSeconds: number;
}

/** A token bucket. Nothing ticks: levels are computed from the time that has passed since the last look. */
export interface Bucket {
  take(nowMs: number): Grant;
  /** Somebody else takes this many tokens per second from now on. */
  setForeignPerSecond(foreignPerSecond: number, nowMs: number): void;
}

// Sums of floating-point refills end a hair below the whole number that they should reach.
const ROUNDING_TOLERANCE = 1e-9;

/** A full bucket of the given size. */
export function createBucket(limit: BucketLimit, createdAtMs: number): Bucket {
  let tokens = limit.capacity;
  let levelAtMs = createdAtMs;
  let foreignPerSecond = 0;

  function refill(nowMs: number): void {
    // A clock set back must not take tokens away, and must not be paid for twice when it catches up.
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

// The foreign load is left out: a server cannot know whether the others will go on.
function secondsUntilOne(tokens: number, limit: BucketLimit): number {
  return Math.max(1, Math.ceil((1 - tokens) / limit.ratePerSecond - ROUNDING_TOLERANCE));
}
