import type { JobRef } from '../flow/job-ref.ts';
import { conditionsOf } from '../jobs/conditions.ts';
import type { Tenant } from '../tenants/tenant.ts';

/**
 * A job expires at its own `expiresAt` or by its tenant's `maxAge`, whichever is earlier. The age of a
 * scheduled job counts from its `sendAt`.
 */

/** When a job expires, ms since the epoch. @param data checked against its contract. */
export function expiresAtMs(acceptedAtMs: number, { maxAgeMs }: Tenant, data: object): number | undefined {
  const { expiresAt } = conditionsOf(data);
  const ends = [
    ...(expiresAt === undefined ? [] : [Date.parse(expiresAt)]),
    ...(maxAgeMs === null ? [] : [acceptedAtMs + maxAgeMs]),
  ];
  return ends.length === 0 ? undefined : Math.min(...ends);
}

export function describeExpiry(acceptedAtMs: number, tenant: Tenant, data: object): string {
  return `expired at ${new Date(expiresAtMs(acceptedAtMs, tenant, data) ?? 0).toISOString()}`;
}

/** Whether flow control keeps a time at which the job expires. */
export function mayExpire(ref: Pick<JobRef, 'expiresAtMs'>, tenant: Tenant | undefined): boolean {
  return ref.expiresAtMs !== undefined || (tenant?.maxAgeMs ?? null) !== null;
}
