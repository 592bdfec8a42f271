import pLimit from 'p-limit';
import { OperatorError } from '../core/errors.ts';
import type { Core } from '../queues/core.ts';
import { settled } from '../queues/move-steps.ts';
import { createLayoutChanges, type LayoutChanges, renewLayout } from '../redis/layout-store.ts';
import { createMover } from './mover.ts';
import { changed, type MoverParts } from './stepper.ts';
import { tenantsIn } from './tenants-in.ts';

export interface RaiseParts extends MoverParts {
  /** The tenants of the tenants file. */
  readonly tenantIds: readonly string[];
  /** Tenants that share a limit with one, itself among them. */
  readonly sharersOf: (tenantId: string) => readonly string[];
}

/** Tenants whose jobs are awaited and copied at the same time. */
const AT_ONCE = 4;

/**
 * Raises the number of partitions, and moves the tenants that the new number spreads elsewhere. A second
 * call goes on where one broke off.
 *
 * First every tenant is pinned where it is. New tenants are pinned by their producers meanwhile, so no
 * tenant is looked for in two partitions. Then the number changes, and one tenant after the other moves.
 *
 * @returns the number of tenants that it has moved.
 * @throws {OperatorError} for a number that is not higher.
 */
export async function raisePartitions(parts: RaiseParts, to: number): Promise<number> {
  const { keys } = parts.core;
  await renewLayout(parts.core.client, keys);
  const { modulus, raising } = keys.layout.state;
  if (raising !== undefined && raising !== to) throw new OperatorError(underWay(raising), 'refused');
  if (to < modulus) throw new OperatorError(lower(to, modulus), 'refused');
  if (to > modulus) await changeNumber(parts, modulus, to);
  return await moveAll(parts);
}

async function changeNumber(
  { core, lock, tenantIds }: RaiseParts,
  modulus: number,
  to: number,
): Promise<void> {
  const { client, keys } = core;
  const changes = createLayoutChanges(client, keys);
  if (!(await changes.beginRaise(modulus, to))) throw changed();
  await renewLayout(client, keys);
  const { version } = keys.layout.state;
  for (const partition of keys.partitions()) await changes.fence(partition, version);
  // From here on each producer knows of the raise, and what they accepted before is in Redis.
  const known = await tenantsIn(core);
  for (const tenantId of new Set([...tenantIds, ...known])) {
    lock.check();
    await pinWhereItIs(core, changes, tenantId);
  }
  if (!(await changes.endRaise(to))) throw changed();
  await renewLayout(client, keys);
  await core.queues.ready();
}

/**
 * A tenant that no operator has moved stays where the old number says. The reconciler may forget its former
 * partitions meanwhile, and its home with them.
 */
async function pinWhereItIs({ client, keys }: Core, changes: LayoutChanges, tenantId: string): Promise<void> {
  for (;;) {
    const { layout } = keys;
    const hash = layout.hashOf(tenantId);
    const home = layout.state.homes.get(tenantId);
    if (!home) {
      await changes.pin(tenantId, hash);
      await renewLayout(client, keys);
      if (layout.state.homes.has(tenantId)) return;
    } else {
      if (home.at !== hash || home.move || home.pinned) return;
      if (await changes.replace(tenantId, home, { ...home, pinned: true })) return;
      await renewLayout(client, keys);
    }
  }
}

/** Moves the tenants that were pinned, and unpins those that are where their hash says. */
async function moveAll(parts: RaiseParts): Promise<number> {
  const { core, sharersOf } = parts;
  const { keys } = core;
  const mover = createMover(parts);
  const limit = pLimit(AT_ONCE);
  const bring = async (group: readonly string[]) => {
    const to = await targetOf(parts, group);
    return to === undefined ? undefined : await mover.bring(group, to);
  };
  const groups = groupsOf([...keys.layout.state.homes.keys()].sort(), sharersOf);
  // Callbacks of one tenant may take hours. Other tenants do not wait for them.
  const moves = groups.map(async (group) => {
    const passages = await limit(bring, group);
    for (const passage of passages ?? []) await mover.finish(passage);
    return passages === undefined ? 0 : group.length;
  });
  // A tenant that cannot move stays where it is, and the others move.
  const ends = await Promise.allSettled(moves);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return ends.reduce((sum, end) => sum + (end.status === 'fulfilled' ? end.value : 0), 0);
}

/** Where a group belongs; undefined when it is there. Tenants that share a limit follow the first of them. */
async function targetOf({ core }: RaiseParts, group: readonly string[]): Promise<number | undefined> {
  const { client, keys } = core;
  const { layout } = keys;
  const under = group.flatMap((tenantId) => layout.moveOf(tenantId)?.to ?? []);
  if (under[0] !== undefined) return under[0];
  const isPinned = (tenantId: string) => layout.state.homes.get(tenantId)?.pinned === true;
  if (!group.some(isPinned)) return undefined;
  const to = layout.hashOf(group[0] ?? '');
  if (group.some((tenantId) => layout.homeOf(tenantId) !== to)) return to;
  const changes = createLayoutChanges(client, keys);
  for (const tenantId of group.filter(isPinned)) {
    const home = layout.state.homes.get(tenantId);
    await changes.replace(tenantId, home, settled(to, home?.formers ?? [], layout.hashOf(tenantId)));
  }
  return undefined;
}

/** Tenants that move together. */
function groupsOf(
  tenantIds: readonly string[],
  sharersOf: (tenantId: string) => readonly string[],
): (readonly string[])[] {
  const grouped = new Set<string>();
  const groups: (readonly string[])[] = [];
  for (const tenantId of tenantIds) {
    if (grouped.has(tenantId)) continue;
    const group = [...sharersOf(tenantId)].sort();
    for (const each of group) grouped.add(each);
    groups.push(group);
  }
  return groups;
}

function lower(to: number, modulus: number): string {
  return `The number of partitions is ${modulus} and cannot be lowered to ${to}: name a higher one, or ${modulus} to go on with a raise.`;
}

function underWay(raising: number): string {
  return `The number of partitions is being raised to ${raising}. Let that end first: gwm partitions raise ${raising}.`;
}
