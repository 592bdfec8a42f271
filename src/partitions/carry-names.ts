import pLimit from 'p-limit';
import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import { scanKeys } from '../redis/scan.ts';
import { loadScript } from '../redis/script.ts';
import type { Leaving } from './belongings.ts';
import type { Way } from './carry-jobs.ts';
import { carryKey } from './carry-key.ts';

/**
 * Carries what Redis knows of tenants under their names: their lanes, sessions, the times up to which
 * audit records were read, and their endpoints. A second call changes nothing.
 */
export type CarryNames = (leaving: Leaving, to: number) => Promise<void>;

/** Ended jobs have a score below 0 in a lane: their sequence number less this. See lane.lua. */
const ENDED = 2 ** 42;
/** Members of an index per command. */
const PAGE = 500;

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
    await mergeLane.run(target, [target, merged, last, ...scored]);
  }

  async function carryIndex(source: string, target: string): Promise<void> {
    for (let at = 0; ; at += PAGE) {
      const page = await client.zrange(source, String(at), String(at + PAGE - 1), 'WITHSCORES');
      if (page.length === 0) return;
      const members: string[] = [];
      for (let index = 0; index < page.length; index += 2)
        members.push(page[index + 1] ?? '0', page[index] ?? '');
      await client.zadd(target, 'NX', ...members);
    }
  }

  async function carryEndpoints(tenantId: string, { from, to }: Way): Promise<void> {
    const [source, target] = [keys.ownOf(from), keys.ownOf(to)];
    await carryIndex(`${source}endpoints:${tenantId}`, `${target}endpoints:${tenantId}`);
    for (const id of await client.zrange(`${source}endpoints:${tenantId}`, '0', '-1'))
      await carryKey(client, `${source}endpoint:${id}`, `${target}endpoint:${id}`, 'keep');
  }

  /** A dead letter that halts its lane halts it in the new partition too. */
  async function carryHalts({ from, tenantIds }: Leaving, to: number): Promise<void> {
    for (const [job, lane] of Object.entries(await client.hgetall(`${keys.ownOf(from)}halted`))) {
      if (tenantIds.has(tenantOf(lane))) await client.hset(`${keys.ownOf(to)}halted`, job, lane);
    }
  }

  return async function carry(leaving, to) {
    const { from, tenantIds } = leaving;
    const target = keys.ownOf(to);
    await scanNamed(client, keys, leaving, FLOWING, async ({ what, tenantId, key, name }) => {
      const copy = `${target}${name}`;
      if (what === 'lane') await carryLane(key, copy, mergedKey(keys, to, tenantId));
      else await carryKey(client, key, copy, 'keep');
    });
    for (const tenantId of tenantIds) {
      await carryKey(client, `${keys.ownOf(from)}token:${tenantId}`, `${target}token:${tenantId}`, 'keep');
      const through = `audit-through:${tenantId}`;
      await carryKey(client, `${keys.ownOf(from)}${through}`, `${target}${through}`, 'keep');
      await carryEndpoints(tenantId, { from, to });
    }
    await carryHalts(leaving, to);
  };
}

/** The keys that a move has merged into a partition already. */
export function mergedKey(keys: Keys, partition: number, tenantId: string): string {
  return `${keys.ownOf(partition)}merged:${tenantId}`;
}

/** Names of keys with the name of a tenant behind them, and more behind that. */
export type Named = 'lane' | 'guest-session' | 'counts';

/** What flow control and workers use while they send. */
export const FLOWING: readonly Named[] = ['lane', 'guest-session'];

export interface NamedKey {
  readonly what: Named;
  readonly tenantId: string;
  readonly key: string;
  /** Without the prefix of its partition. */
  readonly name: string;
}

/** Keys that are on their way together. */
const AT_ONCE = 16;

const NAMED = /^(lane|counts|guest-session):([^:]+):/;

/** Hands on the keys of tenants that only a look at all keys finds, several at once. */
export async function scanNamed(
  client: RedisClient,
  keys: Keys,
  { from, tenantIds }: Leaving,
  wanted: readonly Named[],
  onKey: (key: NamedKey) => Promise<void>,
): Promise<void> {
  const own = keys.ownOf(from);
  const limit = pLimit(AT_ONCE);
  await scanKeys(client, { match: `${own}*` }, async (page) => {
    const named = page.flatMap((key) => {
      const name = key.slice(own.length);
      const [, found = '', tenantId = ''] = NAMED.exec(name) ?? [];
      const what = wanted.find((each) => each === found);
      return what && tenantIds.has(tenantId) ? [{ what, tenantId, key, name }] : [];
    });
    await Promise.all(named.map((each) => limit(() => onKey(each))));
  });
}

export function tenantOf(lane: string): string {
  return lane.split(':', 1)[0] ?? '';
}
