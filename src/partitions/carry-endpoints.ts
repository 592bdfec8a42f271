import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import { loadScript } from '../redis/script.ts';
import { carryKey } from './carry-key.ts';
import type { Passage } from './hold-buckets.ts';

/**
 * Carries what Redis knows of the endpoints of tenants: those that the new partition does not know, and
 * that an endpoint is disabled. A second call changes nothing, so callbacks of older jobs are followed
 * while they end in the old partition.
 */
export type CarryEndpoints = (passage: Passage) => Promise<void>;

/** Members of an index per command. */
const PAGE = 500;

export function createCarryEndpoints(client: RedisClient, keys: Keys): CarryEndpoints {
  const disable = loadScript(client, new URL('./carry-disabled.lua', import.meta.url), []);

  async function carryPage(known: string, copy: string, at: number): Promise<string[]> {
    const page = await client.zrange(known, String(at), String(at + PAGE - 1), 'WITHSCORES');
    const ids = page.filter((_, index) => index % 2 === 0);
    const scored = ids.flatMap((id, index) => [page[2 * index + 1] ?? '0', id]);
    if (ids.length > 0) await client.zadd(copy, 'NX', ...scored);
    return ids;
  }

  async function carryDisabled(tenantId: string, id: string, { from, to }: Passage): Promise<void> {
    const [source, target] = [keys.ownOf(from), keys.ownOf(to)];
    const own = `${source}endpoint:${id}`;
    const [at, why, failingSince] = await client.hmget(own, 'disabled_at', 'disabled_for', 'failing_since');
    if (!at || !why) return;
    const [leftMs, forgottenAt] = await Promise.all([
      client.pttl(own),
      client.zscore(`${source}endpoints:${tenantId}`, id),
    ]);
    const [key, known] = [`${target}endpoint:${id}`, `${target}endpoints:${tenantId}`];
    const since = why === 'failing' ? (failingSince ?? at) : at;
    await disable.run(key, [key, known, id, at, why, since, Math.max(1, leftMs), forgottenAt ?? 0]);
  }

  return async function carry(passage) {
    const [source, target] = [keys.ownOf(passage.from), keys.ownOf(passage.to)];
    for (const tenantId of passage.tenantIds) {
      const index = `endpoints:${tenantId}`;
      for (let at = 0; ; at += PAGE) {
        const ids = await carryPage(`${source}${index}`, `${target}${index}`, at);
        for (const id of ids) {
          await carryKey(client, `${source}endpoint:${id}`, `${target}endpoint:${id}`, 'keep');
          await carryDisabled(tenantId, id, passage);
        }
        if (ids.length < PAGE) break;
      }
    }
  };
}
