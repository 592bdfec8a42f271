import { pace } from '../../../src/flow/pace.ts';
import type { Limit } from '../../../src/tenants/limits.ts';
import { GRACE_MS } from './constants.ts';

/** How fast requests may be sent. */
export interface Allowance {
  readonly burst: number;
  readonly ratePerSecond: number;
}

/** The concurrency limit may be exceeded by a tenth, for requests to a host that does not answer. */
const OVERSHOOT = 1.1;

/** Requests that may arrive late, all at once, right behind a burst, and get no 429. */
export function spareOf(limit: Limit): number {
  return limit.capacity - pace(limit).burst - (limit.ratePerSecond * GRACE_MS) / 1000;
}

/**
 * The same limit, with so few requests under way that all of them may arrive late at once: a machine
 * that stands still for any time causes no 429.
 */
export function steady(limit: Limit): Limit {
  return { ...limit, inFlight: Math.max(1, Math.floor(spareOf(limit) / OVERSHOOT)) };
}

/** The least time that Genesys Cloud needs to get this many requests, ms. */
export function leastMs(limit: Limit, requests: number): number {
  return ((requests - pace(limit).burst) / limit.ratePerSecond) * 1000 - GRACE_MS;
}

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
