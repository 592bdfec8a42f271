import type { JobKind } from '../jobs/catalog.ts';
import type { JobRef } from './job-ref.ts';
import { idOf, jobOf, kindOf, laneNamed, laneOf } from './notation.ts';
import type { FlowOptions, Scripts } from './scripts.ts';

/** The index of jobs: those of a tenant by acceptance (index.lua), those of a conversation in order (lane.lua). */
export interface JobIndex {
  /** A page of the index. Jobs that BullMQ no longer has may be among them. */
  page(request: IndexRequest): Promise<IndexPage>;
  /** How many jobs of the tenant have not ended. */
  countWaiting(tenantId: string): Promise<number>;
  /** The same for a conversation, or another subject whose jobs keep their order. */
  countWaitingIn(tenantId: string, lane: string): Promise<number>;
  /** The place of a job in its lane, from 1, also when it has ended. Null when the lane does not have it. */
  sequenceOf(ref: JobRef): Promise<number | null>;
  /**
   * Removes jobs that BullMQ no longer has from the indexes of some tenants of a partition, a bounded
   * number per call. Each call takes tenants at random, so that every tenant has its turn.
   * @returns how many it removed.
   */
  tidyIndex(partition: number): Promise<number>;
}

export interface IndexRequest {
  readonly tenantId: string;
  /** Only the jobs of this conversation, or other subject: by sequence number. */
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
  /** Sequence number of a job of a lane; else the moment of acceptance, ms with a fraction. As Redis writes it. */
  readonly position: string;
  /** The job as the scripts write it, `m-<id>`. */
  readonly job: string;
}

export interface IndexPage {
  readonly entries: readonly (IndexEntry & { readonly kind: JobKind; readonly jobId: string })[];
  /** The last entry that the page has looked at. Undefined when the index has no more entries behind it. */
  readonly last: IndexEntry | undefined;
}

/** What the score of a job that has ended lacks (index.lua). */
const ENDED = 2 ** 42;
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

  async function pageOfTenant(request: IndexRequest): Promise<IndexPage> {
    const { tenantId, hasEnded, after, limit, order } = request;
    const which = hasEnded === undefined ? '' : hasEnded ? 'ended' : 'waiting';
    const reply = (await scripts.run('page', keys.partitionOf(tenantId), [
      tenantId,
      which,
      ...momentsOf(request),
      after?.position ?? '',
      after?.job ?? '',
      limit,
      order,
    ])) as string[];
    const entries = entriesOf(reply);
    return { entries, last: entries.length === limit ? entries.at(-1) : undefined };
  }

  async function pageOfLane(request: IndexRequest, lane: string): Promise<IndexPage> {
    const { tenantId, after, limit, order } = request;
    const reply = (await scripts.run('lane-page', keys.partitionOf(tenantId), [
      tenantId,
      laneNamed(tenantId, lane, keys.seal),
      ...momentsOf(request),
      after?.position ?? '',
      limit,
      order,
    ])) as [seen: number, position: string, job: string, ...found: string[]];
    const [seen, position, job, ...found] = reply;
    return { entries: entriesOf(found), last: seen === limit ? { position, job } : undefined };
  }

  const laneKey = (tenantId: string, lane: string) => `${keys.own(tenantId)}lane:${lane}`;

  return {
    page: (request) =>
      request.lane === undefined ? pageOfTenant(request) : pageOfLane(request, request.lane),

    countWaiting: async (tenantId) => await client.zcount(`${keys.own(tenantId)}jobs:${tenantId}`, 0, '+inf'),

    countWaitingIn: async (tenantId, lane) =>
      await client.zcount(laneKey(tenantId, laneNamed(tenantId, lane, keys.seal)), 0, '+inf'),

    async sequenceOf(ref) {
      const score = await client.zscore(laneKey(ref.tenantId, laneOf(ref, keys.seal)), jobOf(ref));
      if (score === null) return null;
      return Number(score) > 0 ? Number(score) : Number(score) + ENDED;
    },

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

/** The moments of a request, as the scripts take them. */
function momentsOf({ fromMs, toMs }: IndexRequest): [string | number, string | number] {
  // A job of this millisecond has a fraction.
  return [fromMs ?? '-inf', toMs === undefined ? '+inf' : toMs + 0.9995];
}

function entriesOf(reply: readonly string[]): IndexPage['entries'] {
  const entries = [];
  for (let at = 0; at < reply.length; at += 2) {
    const [position = '', job = ''] = reply.slice(at, at + 2);
    entries.push({ position, job, kind: kindOf(job), jobId: idOf(job) });
  }
  return entries;
}
