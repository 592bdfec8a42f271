/** Exponential growth with a ceiling. All values in milliseconds. */
export interface BackoffPolicy {
  readonly baseMs: number;
  readonly maxMs: number;
}

/** A number in [0, 1); `Math.random` in production, a fixed value in tests. */
export type Random = () => number;

/**
 * Exponential backoff with full jitter: uniform in [0, min(max, base × 2^(attempt - 1))].
 * Full jitter spreads a herd of failed jobs over the whole interval, where equal delays would
 * send them all back at the same instant.
 *
 * @param attempt the attempt that has just failed, from 1.
 */
export function fullJitter(policy: BackoffPolicy, attempt: number, random: Random = Math.random): number {
  return Math.round(random() * exponential(policy, attempt));
}

/** `min(max, base × 2^(attempt - 1))`, without jitter. */
export function exponential(policy: BackoffPolicy, attempt: number): number {
  // 2^30 × 1 ms is twelve days: beyond any ceiling, and far from what a double cannot hold.
  const doublings = Math.min(Math.max(attempt - 1, 0), 30);
  return Math.min(policy.maxMs, policy.baseMs * 2 ** doublings);
}

const SCHEDULE_JITTER = 0.2;

/**
 * The wait of a schedule, ±20 %, so that jobs that failed together do not return together.
 *
 * @param waitsMs one per failed attempt. The last one also serves all later attempts.
 * @param attempt the attempt that has just failed, from 1.
 */
export function scheduledWait(
  waitsMs: readonly number[],
  attempt: number,
  random: Random = Math.random,
): number {
  const waitMs = waitsMs[attempt - 1] ?? waitsMs.at(-1) ?? 0;
  return Math.round(waitMs * (1 - SCHEDULE_JITTER + 2 * SCHEDULE_JITTER * random()));
}
