import { conditionsOf } from '../jobs/conditions.ts';

/** Far beyond any turn, and only there so that nothing can be lost for ever. */
const PARKED_MS = 24 * 3_600_000;

/**
 * How far a job that somebody will wake is delayed, ms. One that expires comes back by itself at that moment, to
 * be told so in time.
 *
 * @param data checked against its contract.
 */
export function parkMs(data: object, nowMs: number = Date.now()): number {
  const { expiresAt } = conditionsOf(data);
  if (expiresAt === undefined) return PARKED_MS;
  return Math.min(PARKED_MS, Math.max(1, Date.parse(expiresAt) - nowMs));
}
