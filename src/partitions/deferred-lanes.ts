import { idOf, kindOf } from '../flow/notation.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import { loadScript } from '../redis/script.ts';
import type { KeptJob, Leaving } from './belongings.ts';

/**
 * The deferred lanes of tenants that move: those whose head is scheduled, or waits for the end of quiet
 * hours. A move does not wait for them. It freezes them and hands their jobs over.
 */
export interface DeferredLanes {
  /** How many jobs wait in them, of those that the index has. */
  countJobs(leaving: Leaving): Promise<number>;
  /** From now on the old partition sends nothing of them. A lane may be deferred later: then freeze again. */
  freeze(leaving: Leaving): Promise<void>;
  /** Lanes that were frozen, in pages. */
  frozen(leaving: Leaving): AsyncGenerator<{ readonly tenantId: string; readonly lanes: readonly string[] }>;
  /**
   * Jobs of frozen lanes that can be handed over, and the number of those that a worker has. A lane has its
   * jobs in their order.
   */
  jobsOf(leaving: Leaving, tenantId: string, lane: string): Promise<{ jobs: KeptJob[]; busy: number }>;
}

/** Lanes per script. */
const PAGE = 500;

export function createDeferredLanes(client: RedisClient, keys: Keys): DeferredLanes {
  const freezeLanes = loadScript(client, new URL('./freeze-lanes.lua', import.meta.url), []);
  const countWaiting = loadScript(client, new URL('./count-waiting.lua', import.meta.url), []);

  async function countIn(own: string, tenantId: string, lanes: readonly string[]): Promise<number> {
    let count = 0;
    for (let at = 0; at < lanes.length; at += PAGE)
      count += Number(await countWaiting.run(own, [own, tenantId, ...lanes.slice(at, at + PAGE)]));
    return count;
  }

  async function* frozen({ from, tenantIds }: Leaving) {
    for (const tenantId of tenantIds) {
      const lanes = await client.hkeys(`${keys.ownOf(from)}frozen:${tenantId}`);
      for (let at = 0; at < lanes.length; at += PAGE) yield { tenantId, lanes: lanes.slice(at, at + PAGE) };
    }
  }

  return {
    frozen,

    async countJobs({ from, tenantIds }) {
      const own = keys.ownOf(from);
      let count = 0;
      for (const tenantId of tenantIds) {
        const lanes = new Set<string>(await client.hkeys(`${own}frozen:${tenantId}`));
        for (const set of ['later', 'quiet'])
          for (const lane of await client.zrange(`${own}${set}:${tenantId}`, '0', '-1')) lanes.add(lane);
        count += await countIn(own, tenantId, [...lanes]);
      }
      return count;
    },

    async freeze({ from, tenantIds }) {
      const own = keys.ownOf(from);
      for (const tenantId of tenantIds) {
        while (Number(await freezeLanes.run(own, [own, tenantId, PAGE])) > 0);
        await client.zrem(`${own}deferred`, tenantId);
      }
    },

    async jobsOf({ from }, tenantId, lane) {
      const waiting = await client.zrange(`${keys.ownOf(from)}lane:${lane}`, '0', '+inf', 'BYSCORE');
      const jobs: KeptJob[] = [];
      let busy = 0;
      for (const job of waiting) {
        const [kind, jobId] = [kindOf(job), idOf(job)];
        const base = `${keys.queuePrefix(from)}:${kind}:`;
        const score = await client.zscore(`${base}delayed`, jobId);
        if (score !== null) jobs.push({ tenantId, kind, jobId, state: 'delayed', score });
        else if ((await client.exists(`${base}${jobId}`)) === 1) busy++;
      }
      return { jobs, busy };
    },
  };
}
