import { JOB_KINDS } from '../jobs/catalog.ts';
import type { Core } from '../queues/core.ts';
import { partitionsAdvice } from '../redis/installation.ts';
import type { Move } from '../redis/layout.ts';
import { createBelongings, LIMITED } from './belongings.ts';
import { nodeOf, slotOf } from './slots.ts';

/** A partition, for operators. */
export interface PartitionView {
  readonly partition: number;
  /** Its hash slot; null without a cluster. */
  readonly slot: number | null;
  /** The master that has the slot; null without a cluster. */
  readonly node: string | null;
  /** Tenants of the tenants file, and those with a home in the layout. */
  readonly tenants: readonly string[];
  /** Jobs of these tenants that have not ended, callbacks left out. */
  readonly waiting: number;
}

export interface MoveView extends Move {
  readonly tenantId: string;
  /** Jobs in the old partition that have not ended; callbacks at the last step. */
  readonly left: number;
}

export interface PartitionsView {
  readonly partitions: readonly PartitionView[];
  readonly moves: readonly MoveView[];
  /** New tenants are spread over so many partitions. */
  readonly number: number;
  /** The number that it is being raised to. */
  readonly raising: number | null;
  /** Tenants that a raise has still to move. */
  readonly pinned: number;
  /** What to do when PARTITIONS of the settings is another number; null when it is the same. */
  readonly advice: string | null;
}

/**
 * Shows which tenant is in which partition, with the load of each.
 * @param wanted PARTITIONS of the settings.
 */
export async function readPartitions(
  core: Core,
  tenantIds: readonly string[],
  wanted: number,
): Promise<PartitionsView> {
  const { client, keys } = core;
  const { layout } = keys;
  const { homes, modulus, raising } = layout.state;
  const known = [...new Set([...tenantIds, ...homes.keys()])].sort();
  const byPartition = Map.groupBy(known, layout.homeOf);
  const belongings = createBelongings(client, keys);
  const leftOf = (tenantId: string, { from, step }: Move) =>
    belongings.countOpen({ from, tenantIds: new Set([tenantId]) }, step === 'trailing' ? JOB_KINDS : LIMITED);
  const waitingOf = async (partition: number, tenantId: string) =>
    await client.zcount(`${keys.ownOf(partition)}jobs:${tenantId}`, 0, '+inf');
  const sum = async (partition: number, tenants: readonly string[]) => {
    const counts = await Promise.all(tenants.map((tenantId) => waitingOf(partition, tenantId)));
    return counts.reduce((total, count) => total + count, 0);
  };
  const partitions = await Promise.all(
    keys.partitions().map(async (partition) => {
      const tenants = byPartition.get(partition) ?? [];
      const leaving = known.filter((tenantId) => {
        const move = layout.moveOf(tenantId);
        return move?.from === partition && layout.homeOf(tenantId) !== partition;
      });
      const slot = await slotOf(client, keys.ownOf(partition));
      const node = slot === null ? null : await nodeOf(client, slot);
      return { partition, slot, node, tenants, waiting: await sum(partition, [...tenants, ...leaving]) };
    }),
  );
  const moves = await Promise.all(
    known.flatMap((tenantId) => {
      const move = layout.moveOf(tenantId);
      return move ? [leftOf(tenantId, move).then((left) => ({ tenantId, ...move, left }))] : [];
    }),
  );
  const pinned = [...homes.values()].filter((home) => home.pinned).length;
  const advice = partitionsAdvice(wanted, keys) ?? null;
  return { partitions, moves, number: modulus, raising: raising ?? null, pinned, advice };
}
