import { conditionsOf } from '../jobs/conditions.ts';

/**
 * Far beyond any turn. If every wake of a job gets lost, the job still runs again after this time.
 */
export const PARKED_MS = 24 * 3_600_000;

/**
 * How far BullMQ delays a parked job, ms. A job that expires comes back at that moment, so that it
 * ends in time; a scheduled one does not come back before its `sendAt`.
 *
 * @param data parsed by its contract.
 */
export function parkMs(data: object, nowMs: number = Date.now()): number {
  const { expiresAt, sendAt } = conditionsOf(data);
  const parkedMs = PARKED_MS + (sendAt === undefined ? 0 : Math.max(0, Date.parse(sendAt) - nowMs));
  if (expiresAt === undefined) return parkedMs;
  return Math.min(parkedMs, Math.max(1, Date.parse(expiresAt) - nowMs));
}
