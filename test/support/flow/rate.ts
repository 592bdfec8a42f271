/** The rate and the burst of requests. */
export interface Allowance {
  readonly burst: number;
  readonly ratePerSecond: number;
}

/** `GRACE` in bucket.lua: late requests may go together. */
const GRACE_MS = 100;

/**
 * The number of requests above the allowance in the worst window of any length. It is at most 0 if
 * the rate was kept. A reconfigured bucket has several allowances, each from a moment on.
 *
 * @param moments of the requests, in order, in ms.
 */
export function excess(
  moments: readonly number[],
  since: readonly (Allowance & { fromMs: number })[],
): number {
  const burst = Math.max(...since.map((allowance) => allowance.burst));
  const ratePerMs = Math.max(...since.map((allowance) => allowance.ratePerSecond)) / 1000;
  let worst = Number.NEGATIVE_INFINITY;
  // A window from request i to request j has j - i + 1 requests. The worst window begins at the
  // smallest surplus.
  let least = Number.POSITIVE_INFINITY;
  moments.forEach((moment, index) => {
    const surplus = index - refilled(moment, since);
    least = Math.min(least, surplus);
    worst = Math.max(worst, surplus + 1 - least);
  });
  return worst - burst - ratePerMs * GRACE_MS - 1e-6;
}

/** Tokens that the bucket has gained up to a moment. */
function refilled(moment: number, since: readonly (Allowance & { fromMs: number })[]): number {
  return since.reduce((sum, { fromMs, ratePerSecond }, index) => {
    const untilMs = Math.min(moment, since[index + 1]?.fromMs ?? moment);
    return sum + (Math.max(0, untilMs - fromMs) * ratePerSecond) / 1000;
  }, 0);
}
