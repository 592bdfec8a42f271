import { atStep, moved } from '../queues/move-steps.ts';
import { renewLayout } from '../redis/layout-store.ts';
import { redisTimeMs } from '../redis/redis-time.ts';
import { mergedKey } from './carry-names.ts';
import { requireFlowing } from './flowing.ts';
import type { Passage } from './hold-buckets.ts';
import { begin, carryAll, close, leave, trail } from './mover-steps.ts';
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
   * Moves tenants to a partition, or goes on with their move. It returns when the old partition has
   * nothing of them.
   * @throws {OperatorError} when one of them is on its way to another partition.
   */
  move(tenantIds: readonly string[], to: number): Promise<void>;
}

/**
 * The state machine of a move. Each step can be done again: a command that begins where another one
 * died repeats the step that the layout names. docs/partitions.md draws it.
 */
export function createMover(parts: MoverParts): Mover {
  const { core, lock, ledgerTtlMs, onProgress } = parts;
  const { client, keys } = core;
  const stepper = createStepper(parts);

  /** Tenants that leave one partition together. */
  async function moveGroup(tenantIds: readonly string[], from: number, to: number): Promise<void> {
    await begin(stepper, tenantIds, to);
    const passage: Passage = { tenantIds: new Set(tenantIds), from, to };
    const tell = (step: MoveProgress['step'], jobs: number) =>
      onProgress({ tenantIds, from, to, step, left: jobs });
    await leave(stepper, passage);
    tell('leaving', await countOpen(stepper, passage));
    await close(stepper, passage, (jobs) => tell('leaving', jobs));
    tell('closing', 0);
    await carryAll(stepper, passage);
    await advance(stepper, passage, 'closing', (each) => atStep(each, 'trailing'));
    await trail(stepper, passage, (jobs) => tell('trailing', jobs));
    const nowMs = await redisTimeMs(client);
    const former = { partition: passage.from, untilMs: Math.ceil(nowMs + ledgerTtlMs) };
    for (const tenantId of tenantIds) await client.unlink(mergedKey(keys, to, tenantId));
    await advance(stepper, passage, 'trailing', (each, tenantId) =>
      moved(each, former, keys.layout.hashOf(tenantId), nowMs),
    );
    tell('done', 0);
  }

  return {
    async move(tenantIds, to) {
      lock.check();
      await renewLayout(client, keys);
      const { layout } = keys;
      for (const tenantId of tenantIds) requireFree(tenantId, layout.moveOf(tenantId), to);
      const elsewhere = tenantIds.filter((each) => layout.moveOf(each) || layout.homeOf(each) !== to);
      const sourceOf = (each: string) => layout.moveOf(each)?.from ?? layout.homeOf(each);
      const groups = [...Map.groupBy(elsewhere, sourceOf)];
      for (const [from, group] of groups) await requireFlowing(core, group, from);
      for (const [from, group] of groups) await moveGroup(group, from, to);
    },
  };
}
