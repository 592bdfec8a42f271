import { OperatorError } from '../core/errors.ts';
import type { Core } from '../queues/core.ts';
import { FIRST_OWN } from '../redis/layout.ts';
import { createLayoutChanges, renewLayout } from '../redis/layout-store.ts';

/** Where an operator wants tenants: a partition, or one that no other tenant has. Absent: where they are going. */
export type Destination = number | 'alone' | undefined;

/**
 * The partition that a move leads to. One that is made for the tenants has a number from 1000 on, which
 * no hash leads to.
 * @throws {OperatorError}
 */
export async function chooseTarget(
  core: Core,
  tenantIds: readonly string[],
  wanted: Destination,
): Promise<number> {
  const { client, keys } = core;
  const { layout } = keys;
  await renewLayout(client, keys);
  const under = tenantIds.flatMap((tenantId) => layout.moveOf(tenantId)?.to ?? [])[0];
  if (wanted === undefined) {
    if (under !== undefined) return under;
    throw new OperatorError(NO_MOVE, 'usage');
  }
  if (wanted === 'alone') return under ?? (await emptyPartition(core, tenantIds));
  const all = keys.partitions();
  if (all.includes(wanted)) return wanted;
  throw new OperatorError(`There is no partition ${wanted}. The partitions are ${described(all)}.`, 'usage');
}

async function emptyPartition({ client, keys }: Core, tenantIds: readonly string[]): Promise<number> {
  const { layout } = keys;
  const used = new Set<number>();
  for (const [tenantId, { at, move }] of layout.state.homes) {
    if (tenantIds.includes(tenantId) && !move) continue;
    for (const partition of move ? [move.from, move.to] : [at]) used.add(partition);
  }
  const free = keys.partitions().find((partition) => partition >= FIRST_OWN && !used.has(partition));
  if (free !== undefined) return free;
  const count = await createLayoutChanges(client, keys).addOwn();
  await renewLayout(client, keys);
  return FIRST_OWN + count - 1;
}

function described(all: readonly number[]): string {
  const shared = all.filter((partition) => partition < FIRST_OWN);
  const own = all.filter((partition) => partition >= FIRST_OWN);
  return [`0 to ${shared.length - 1}`, ...own].join(', ');
}

const NO_MOVE = 'The tenant is on no move. Name where it goes: --to PARTITION, or --alone.';
