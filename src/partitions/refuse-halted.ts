import { OperatorError } from '../core/errors.ts';
import type { Core } from '../queues/core.ts';
import { tenantOf } from './carry-names.ts';

/**
 * A move waits for the end of each older job, and a job behind the dead letter of a halted conversation
 * ends only when an operator acts. All newer jobs of the tenant would wait for that.
 * @throws {OperatorError} when jobs of these tenants wait behind such a dead letter.
 */
export async function refuseHalted(
  { client, keys }: Pick<Core, 'client' | 'keys'>,
  tenantIds: readonly string[],
  partition: number,
): Promise<void> {
  const own = keys.ownOf(partition);
  for (const [job, lane] of Object.entries(await client.hgetall(`${own}halted`))) {
    const tenantId = tenantOf(lane);
    if (!tenantIds.includes(tenantId) || keys.layout.moveOf(tenantId)) continue;
    const waiting = await client.zcount(`${own}lane:${lane}`, 0, '+inf');
    if (waiting > 1) throw new OperatorError(halted(tenantId, job.slice(2)), 'refused');
  }
}

function halted(tenantId: string, jobId: string): string {
  return `Jobs of ${tenantId} wait behind the dead letter ${jobId}, which halts its conversation. All newer jobs of the tenant would wait with them. Run gwm jobs retry or gwm jobs cancel for the dead letter first.`;
}
