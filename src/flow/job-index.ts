import type { JobKind } from '../jobs/catalog.ts';
import { idOf, kindOf } from './notation.ts';
import type { FlowOptions, Scripts } from './scripts.ts';

/** The index of jobs (index.lua): the jobs of a tenant and of a conversation, by acceptance. */
export interface JobIndex {
  /** A page of the index. Jobs that BullMQ no longer has may be among them. */
  page(request: IndexRequest): Promise<IndexPage>;
  /** How many jobs of the tenant have not ended. */
  countWaiting(tenantId: string): Promise<number>;
  /**
   * Removes jobs that BullMQ no longer has from the indexes of some tenants of a partition, a bounded
   * number per call. Each call takes tenants at random, so that every tenant has its turn.
   * @returns how many it removed.
   */
  tidyIndex(partition: number): Promise<number>;
}

export interface IndexRequest {
  readonly tenantId: string;
  /** Only the jobs of this conversation, or other subject. */
  readonly lane?: string | undefined;
  /** Only jobs that have ended, or that have not. A page of a lane has both. */
  readonly hasEnded?: boolean | undefined;
  /** Accepted at this moment or later, ms. */
  readonly fromMs?: number | undefined;
  /** Accepted at this moment or before, ms. */
  readonly toMs?: number | undefined;
  /** The page begins behind this entry. */
  readonly after?: IndexEntry | undefined;
  readonly limit: number;
  readonly order: 'newest' | 'oldest';
}

export interface IndexEntry {
  /** Moment of acceptance, ms with a fraction, as Redis writes it. */
  readonly moment: string;
  /** The job as the scripts write it, `m-<id>`. */
  readonly job: string;
}

export interface IndexPage {
  readonly entries: readonly (IndexEntry & { readonly kind: JobKind; readonly jobId: string })[];
  /** Whether the index may have more entries behind this page. */
  readonly hasMore: boolean;
}

/** Jobs that one script looks at. */
const SLICE = 500;
/** Scripts of one call for a partition, and for one tenant of it. */
const SLICES_AT_ONCE = 60;
const SLICES_PER_TENANT = 20;

export function createJobIndex(scripts: Scripts, { client, keys }: FlowOptions): JobIndex {
  async function tidyTenant(partition: number, tenantId: string, slices: number) {
    let removed = 0;
    let used = 0;
    for (let isEnd = false; !isEnd && used < slices; used++) {
      const reply = (await scripts.run('tidy', partition, [tenantId, SLICE])) as [number, 0 | 1];
      removed += reply[0];
      isEnd = reply[1] === 1;
    }
    return { removed, used };
  }

  return {
    async page({ tenantId, lane, hasEnded, fromMs, toMs, after, limit, order }) {
      const which = hasEnded === undefined ? '' : hasEnded ? 'ended' : 'waiting';
      const reply = (await scripts.run('page', keys.partitionOf(tenantId), [
        lane === undefined ? tenantId : `${tenantId}:${lane}`,
        lane === undefined ? which : '',
        fromMs ?? '-inf',
        // A job of this millisecond has a fraction.
        toMs === undefined ? '+inf' : toMs + 0.9995,
        after?.moment ?? '',
        after?.job ?? '',
        limit,
        order,
      ])) as string[];
      const entries = [];
      for (let at = 0; at < reply.length; at += 2) {
        const [moment = '', job = ''] = reply.slice(at, at + 2);
        entries.push({ moment, job, kind: kindOf(job), jobId: idOf(job) });
      }
      return { entries, hasMore: entries.length === limit };
    },

    countWaiting: async (tenantId) => await client.zcount(`${keys.own(tenantId)}jobs:${tenantId}`, 0, '+inf'),

    async tidyIndex(partition) {
      const key = `${keys.ownOf(partition)}indexed`;
      let removed = 0;
      let left = SLICES_AT_ONCE;
      for (const tenantId of (await client.hrandfield(key, SLICES_AT_ONCE)) as string[]) {
        if (left === 0) break;
        const done = await tidyTenant(partition, tenantId, Math.min(left, SLICES_PER_TENANT));
        removed += done.removed;
        left -= done.used;
      }
      return removed;
    },
  };
}
