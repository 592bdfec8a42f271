import { isLimited } from '../flow/job-ref.ts';
import { possibleJobsOf } from '../flow/notation.ts';
import { JOB_KINDS, type JobKind } from '../jobs/catalog.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import { loadScript } from '../redis/script.ts';

/** The tenants that move, and the partition that they leave. */
export interface Leaving {
  readonly from: number;
  readonly tenantIds: ReadonlySet<string>;
}

/** Where BullMQ keeps jobs that have ended. */
export const END_STATES = ['completed', 'failed'] as const;

export type EndState = (typeof END_STATES)[number];

/** A job that a move carries: it has ended, or its lane is deferred. */
export interface KeptJob {
  readonly tenantId: string;
  readonly kind: JobKind;
  readonly jobId: string;
  readonly state: EndState | 'delayed';
  /** Its place in the set of the state. */
  readonly score: string;
}

/** Finds what belongs to tenants in the queues of a partition: BullMQ has no index of tenants. */
export interface Belongings {
  /** Jobs of a tenant that have not ended, by kind. */
  countOpen(leaving: Leaving, kinds: readonly JobKind[]): Promise<number>;
  /** Jobs of a tenant that have ended, in pages. */
  kept(leaving: Leaving, kinds: readonly JobKind[], states: readonly EndState[]): AsyncGenerator<KeptJob[]>;
}

/** The kinds that flow control orders and limits: callbacks have endpoints instead. */
export const LIMITED: readonly JobKind[] = JOB_KINDS.filter(isLimited);

/** Ids per script. */
const PAGE = 200;

/** Where BullMQ has jobs that have not ended. A job that goes back to the queue was running before. */
const OPEN_LISTS = ['active', 'wait', 'paused'] as const;
const OPEN_SETS = ['delayed', 'prioritized', 'waiting-children'] as const;

export function createBelongings(client: RedisClient, keys: Keys): Belongings {
  const script = loadScript(client, new URL('./owners.lua', import.meta.url), []);

  async function ownersOf(base: string, ids: readonly string[]): Promise<string[]> {
    return ids.length === 0 ? [] : ((await script.run(base, [base, ...ids])) as string[]);
  }

  /** A job whose data cannot be read is in the index of its tenant still. */
  async function byIndex(kind: JobKind, jobId: string, { from, tenantIds }: Leaving): Promise<string> {
    if (!isLimited(kind)) return '';
    for (const tenantId of tenantIds) {
      const scores = await client.zmscore(`${keys.ownOf(from)}jobs:${tenantId}`, possibleJobsOf(kind, jobId));
      if (scores.some((score) => score !== null)) return tenantId;
    }
    return '';
  }

  async function ownedBy(base: string, ids: readonly string[], tenantIds: ReadonlySet<string>) {
    const owned: string[] = [];
    for (let at = 0; at < ids.length; at += PAGE) {
      const page = ids.slice(at, at + PAGE);
      const owners = await ownersOf(base, page);
      owned.push(...page.filter((_, index) => tenantIds.has(owners[index] ?? '')));
    }
    return owned;
  }

  async function openIn(base: string, tenantIds: ReadonlySet<string>): Promise<number> {
    const found = new Set<string>();
    const add = async (ids: readonly string[]) => {
      for (const id of await ownedBy(base, ids, tenantIds)) found.add(id);
    };
    for (const list of [...OPEN_LISTS, 'active'] as const)
      await add(await client.lrange(`${base}${list}`, 0, -1));
    for (const set of OPEN_SETS) {
      for await (const page of membersOf(`${base}${set}`)) await add(page.map(({ member }) => member));
    }
    return found.size;
  }

  async function* membersOf(key: string): AsyncGenerator<{ member: string; score: string }[]> {
    let cursor = '0';
    do {
      const [next, entries] = await client.zscan(key, cursor, 'COUNT', PAGE);
      cursor = next;
      const page = [];
      for (let at = 0; at < entries.length; at += 2)
        page.push({ member: entries[at] ?? '', score: entries[at + 1] ?? '0' });
      yield page;
    } while (cursor !== '0');
  }

  return {
    async countOpen({ from, tenantIds }, kinds) {
      let count = 0;
      for (const kind of kinds) count += await openIn(`${keys.queuePrefix(from)}:${kind}:`, tenantIds);
      return count;
    },

    async *kept({ from, tenantIds }, kinds, states) {
      for (const kind of kinds) {
        const base = `${keys.queuePrefix(from)}:${kind}:`;
        for (const state of states) {
          for await (const page of membersOf(`${base}${state}`)) {
            const owners = await ownersOf(
              base,
              page.map(({ member }) => member),
            );
            const found: KeptJob[] = [];
            for (const [index, { member: jobId, score }] of page.entries()) {
              const tenantId = owners[index] || (await byIndex(kind, jobId, { from, tenantIds }));
              if (tenantIds.has(tenantId)) found.push({ tenantId, kind, jobId, state, score });
            }
            yield found;
          }
        }
      }
    },
  };
}
