import pLimit from 'p-limit';
import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import { loadScript } from '../redis/script.ts';
import type { Leaving } from './belongings.ts';
import { carryKey } from './carry-key.ts';
import type { NamedKey } from './find-names.ts';

/**
 * Carries what Redis knows of tenants under their names: their lanes, sessions, and the times up to which
 * audit records were read. A second call changes nothing.
 */
export type CarryNames = (leaving: Leaving, to: number, found: readonly NamedKey[]) => Promise<void>;

/** How long a conversation without waiting jobs may rest and count on, ms. See lane.lua. */
const LANE_LIFE_MS = 30 * 24 * 3_600_000;
/** Ended jobs have a score below 0 in a lane: their sequence number less this. See lane.lua. */
const ENDED = 2 ** 42;

export function createCarryNames(client: RedisClient, keys: Keys): CarryNames {
  const mergeLane = loadScript(client, new URL('./merge-lane.lua', import.meta.url), []);

  async function carryLane(source: string, target: string, merged: string): Promise<void> {
    const entries = await client.zrange(source, '0', '-1', 'WITHSCORES');
    const scored: string[] = [];
    let last = 0;
    for (let at = 0; at < entries.length; at += 2) {
      const score = Number(entries[at + 1]);
      last = Math.max(last, score < 0 ? score + ENDED : score);
      scored.push(score.toFixed(0), entries[at] ?? '');
    }
    await mergeLane.run(target, [target, merged, last, LANE_LIFE_MS, ...scored]);
  }

  /** A dead letter that halts its lane halts it in the new partition too. */
  async function carryHalts({ from, tenantIds }: Leaving, to: number): Promise<void> {
    for (const [job, lane] of Object.entries(await client.hgetall(`${keys.ownOf(from)}halted`))) {
      if (tenantIds.has(tenantOf(lane))) await client.hset(`${keys.ownOf(to)}halted`, job, lane);
    }
  }

  return async function carry(leaving, to, found) {
    const { from, tenantIds } = leaving;
    const [source, target] = [keys.ownOf(from), keys.ownOf(to)];
    await eachOf(found, async ({ what, tenantId, name }) => {
      const [key, copy] = [`${source}${name}`, `${target}${name}`];
      if (what === 'lane') await carryLane(key, copy, mergedKey(keys, to, tenantId));
      else await carryKey(client, key, copy, 'keep');
    });
    for (const tenantId of tenantIds) {
      for (const name of [`token:${tenantId}`, `audit-through:${tenantId}`])
        await carryKey(client, `${source}${name}`, `${target}${name}`, 'keep');
    }
    await carryHalts(leaving, to);
  };
}

/** Keys that are on their way together. */
const AT_ONCE = 16;

/** Acts on keys, several at once. */
export async function eachOf(
  found: readonly NamedKey[],
  act: (key: NamedKey) => Promise<unknown>,
): Promise<void> {
  const limit = pLimit(AT_ONCE);
  await Promise.all(found.map((key) => limit(act, key)));
}

/** The keys that a move has merged into a partition already, and the copies of jobs that are complete. */
export function mergedKey(keys: Keys, partition: number, tenantId: string): string {
  return `${keys.ownOf(partition)}merged:${tenantId}`;
}

export function tenantOf(lane: string): string {
  return lane.split(':', 1)[0] ?? '';
}
