import type { Command } from 'ioredis';

/**
 * Keeps a script from running on a part of its keys.
 *
 * A script names one key of its slot, or a few, and makes the others itself. While a cluster moves a
 * slot, some of its keys are on one node and some on another. A node that has the named keys would run
 * the script, and the script would miss the others. The same holds for the scripts of BullMQ.
 *
 * So each script also names two keys that never exist. A node that gives a slot away then sends the
 * script on, and the node that gets the slot refuses it (TRYAGAIN), as it does with every command whose
 * keys are not all there. When the slot has moved, the script runs there as a whole.
 */
export function guardSlot(command: Command): void {
  if (guarded.has(command) || !/^eval(sha)?$/.test(command.name)) return;
  guarded.add(command);
  const [, count, first] = command.args;
  const named = Number(count);
  if (named === 0) return;
  const slot = /^[^{]*\{[^}]+\}/.exec(String(first))?.[0];
  if (slot === undefined) return;
  command.args[1] = String(named + GUARDS.length);
  command.args.splice(2 + named, 0, ...GUARDS.map((guard) => `${slot}:${guard}`));
}

/** No program writes them. */
const GUARDS = ['never-1', 'never-2'];

/** A command may be sent several times. */
const guarded = new WeakSet<Command>();
