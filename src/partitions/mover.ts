import { atStep, moved } from '../queues/move-steps.ts';
import { renewLayout } from '../redis/layout-store.ts';
import { redisTimeMs } from '../redis/redis-time.ts';
import { mergedKey } from './carry-names.ts';
import type { Passage } from './hold-buckets.ts';
import { begin, carryAll, close, leave, letGo, trail } from './mover-steps.ts';
import { refuseHalted } from './refuse-halted.ts';
import {
  advance,
  countOpen,
  createStepper,
  type MoveProgress,
  type MoverParts,
  requireFree,
} from './stepper.ts';

/** Tenants that move together, because they share a limit. */
export interface Mover {
  /**
   * Moves tenants to a partition, or goes on with their move, up to where the new partition sends.
   * @returns what is left to finish: a passage for each partition that they have left.
   * @throws {OperatorError} when one of them is on its way to another partition, or when jobs wait behind
   *   a dead letter that halts them.
   */
  bring(tenantIds: readonly string[], to: number): Promise<readonly Passage[]>;
  /** Waits for callbacks of the older jobs, which may take hours. Then the old partition has nothing of the tenants. */
  finish(passage: Passage): Promise<void>;
}

/**
 * The state machine of a move. Each step can be done again: a command that begins where another one
 * died repeats the step that the layout names. docs/partitions.md draws it.
 */
export function createMover(parts: MoverParts): Mover {
  const { core, lock, ledgerTtlMs, onProgress } = parts;
  const { client, keys } = core;
  const stepper = createStepper(parts);

  function tell({ tenantIds, from, to }: Passage, step: MoveProgress['step'], jobs: number): void {
    onProgress({ tenantIds: [...tenantIds], from, to, step, left: jobs });
  }

  /** Tenants that leave one partition together. */
  async function bringGroup(passage: Passage): Promise<Passage> {
    await begin(stepper, passage);
    await leave(stepper, passage);
    tell(passage, 'leaving', await countOpen(stepper, passage));
    await close(stepper, passage, (jobs) => tell(passage, 'leaving', jobs));
    tell(passage, 'closing', 0);
    const carried = await carryAll(stepper, passage);
    await advance(stepper, passage, 'closing', (each) => atStep(each, 'trailing'));
    await letGo(stepper, passage, carried);
    return passage;
  }

  return {
    async bring(tenantIds, to) {
      lock.check();
      await renewLayout(client, keys);
      const { layout } = keys;
      for (const tenantId of tenantIds) requireFree(tenantId, layout.moveOf(tenantId), to);
      const elsewhere = tenantIds.filter((each) => layout.moveOf(each) || layout.homeOf(each) !== to);
      const sourceOf = (each: string) => layout.moveOf(each)?.from ?? layout.homeOf(each);
      const groups = [...Map.groupBy(elsewhere, sourceOf)];
      for (const [from, group] of groups) await refuseHalted(core, group, from);
      const passages: Passage[] = [];
      for (const [from, group] of groups)
        passages.push(await bringGroup({ tenantIds: new Set(group), from, to }));
      return passages;
    },

    async finish(passage) {
      await trail(stepper, passage, (jobs) => tell(passage, 'trailing', jobs));
      const nowMs = await redisTimeMs(client);
      const former = { partition: passage.from, untilMs: Math.ceil(nowMs + ledgerTtlMs) };
      for (const tenantId of passage.tenantIds) await client.unlink(mergedKey(keys, passage.to, tenantId));
      await advance(stepper, passage, 'trailing', (each, tenantId) =>
        moved(each, former, keys.layout.hashOf(tenantId), nowMs),
      );
      tell(passage, 'done', 0);
    },
  };
}

/** Moves tenants from the first step to the last. @see Mover */
export async function moveWhole(mover: Mover, tenantIds: readonly string[], to: number): Promise<void> {
  for (const passage of await mover.bring(tenantIds, to)) await mover.finish(passage);
}
