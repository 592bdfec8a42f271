import type { Envelope } from '../jobs/envelope.ts';
import type { Schedules } from '../queues/schedules.ts';
import type { TenantRegistry } from '../tenants/registry.ts';
import { type Author, reaches } from './author.ts';
import { defineOperation, type Target, unknownTarget } from './operation.ts';

export interface ScheduledTenant {
  readonly tenantId: string;
}

export interface NewSchedule extends ScheduledTenant {
  readonly everyMs: number;
  /** Checked against the contract of `audit-sync`. */
  readonly payload: Envelope['payload'];
}

/** Acts on scheduled audit syncs. */
export function scheduleOperations({
  schedules,
  tenants,
}: {
  readonly schedules: Schedules;
  readonly tenants: TenantRegistry;
}) {
  /** A tenant that was removed may still have a schedule. */
  const find = async ({ tenantId }: ScheduledTenant, author: Author): Promise<Target | undefined> => {
    if (!reaches(author, tenantId)) return undefined;
    if (tenants.has(tenantId)) return { subject: tenantId, tenants: [tenantId] };
    const all = await schedules.list();
    return all.some((schedule) => schedule.tenantId === tenantId) ? unknownTarget(undefined) : undefined;
  };

  return {
    setSchedule: defineOperation<NewSchedule, Target, boolean>({
      action: 'schedule.set',
      detailsOf: ({ everyMs }) => ({ everyMs }),
      find: (input, author) => (tenants.has(input.tenantId) ? find(input, author) : undefined),
      missing: false,
      async perform(_found, { tenantId, everyMs, payload }) {
        await schedules.set(tenantId, everyMs, payload);
        return { status: 'done', result: true };
      },
    }),
    /** False when the tenant had no schedule. */
    removeSchedule: defineOperation<ScheduledTenant, Target, boolean>({
      action: 'schedule.removed',
      find,
      missing: false,
      async perform(_found, { tenantId }) {
        const result = await schedules.remove(tenantId);
        return { status: result ? 'done' : 'nothing', result };
      },
    }),
  };
}
