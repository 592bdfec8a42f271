import type { Queues } from '../queues/queues.ts';

/**
 * Moves the schedules of tenants. The job that is next stays, when a worker has it; the schedule makes its
 * further jobs in the new partition.
 */
export async function moveSchedules(
  queues: Queues,
  {
    tenantIds,
    from,
    to,
  }: { readonly tenantIds: ReadonlySet<string>; readonly from: number; readonly to: number },
): Promise<void> {
  for (const tenantId of tenantIds) {
    const id = `by-clock-${tenantId}`;
    const [old, fresh] = [queues.at('audit-sync', from), queues.at('audit-sync', to)];
    const scheduler = await old.getJobScheduler(id);
    if (!scheduler) continue;
    const { every, next, template } = scheduler;
    // An operator may have set another one meanwhile.
    if (every !== undefined && !(await fresh.getJobScheduler(id))) {
      const repeat = next === undefined ? { every } : { every, startDate: next };
      await fresh.upsertJobScheduler(id, repeat, { name: 'audit-sync', data: template?.data });
    }
    await old.removeJobScheduler(id);
  }
}
