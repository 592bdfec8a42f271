import { conditionsOf } from '../jobs/conditions.ts';

/**
 * Far beyond any turn. If every wake of a job gets lost, the job still runs again after this time.
 */
export const PARKED_MS = 24 * 3_600_000;

/**
 * How far BullMQ delays a parked job, ms. A job that expires comes back at that moment, so that it
 * ends in time.
 *
 * @param data parsed by its contract.
 */
export function parkMs(data: object, nowMs: number = Date.now()): number {
  const { expiresAt } = conditionsOf(data);
  if (expiresAt === undefined) return PARKED_MS;
  return Math.min(PARKED_MS, Math.max(1, Date.parse(expiresAt) - nowMs));
}
