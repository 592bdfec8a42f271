import { readWakes, type Wake } from '../redis/wakes.ts';
import type { LostJob } from './decisions.ts';
import { idOf, kindOf, laneNamed } from './notation.ts';
import { type Halt, isLive, orphanedHalts, pendingCancellations } from './orphans.ts';
import type { DueReply, ExpireReply, ReconcileReply, ReleaseReply, RevisitReply } from './replies.ts';
import type { FlowOptions, Scripts } from './scripts.ts';

/**
 * What workers do now and again for each partition. Every replica expires jobs, and lets deferred lanes
 * go on. One replica at a time does the rest: the reconciler.
 */
export interface Upkeep {
  /**
   * Wakes jobs whose time is over, wherever they wait. Their admission then says `expired`. A job is
   * woken again after ten seconds at the earliest.
   */
  expire(partition: number, atMost: number): Promise<{ found: number; wakes: Wake[] }>;
  /**
   * Lets deferred lanes go on whose head may be sent now. While a backlog is due, each call takes its
   * share of it: then `nextMs` is 0.
   */
  due(partition: number, atMost: number): Promise<Due>;
  /** Lost jobs that no worker has concluded yet. */
  lost(partition: number, limit: number): Promise<LostJob[]>;
  /**
   * The ledger learns that the job will not be sent, unless a producer has enqueued it once more
   * meanwhile.
   */
  concludeLost(job: LostJob): Promise<void>;
  /**
   * Repairs all buckets of a partition that have lanes, and scheduled lanes whose head is gone.
   * @param patienceMs how long a lane must be overdue.
   */
  reconcile(partition: number, patienceMs: number): Promise<Repairs>;
  /**
   * Forgets the jobs of a conversation, or of another subject, that BullMQ no longer has, and a halt
   * whose dead letter is gone. A lane without a job loses its key, and counts anew.
   */
  forgetLane(tenantId: string, lane: string): Promise<Wake[]>;
}

export interface Due {
  /** Lanes that go on. */
  readonly moved: number;
  /** When the next deferred lane may go on, ms from now; null when no lane is deferred. */
  readonly nextMs: number | null;
  readonly wakes: Wake[];
}

export interface Repairs {
  /** Lanes that go on. */
  readonly repaired: number;
  readonly wakes: Wake[];
}

/** Tenants whose scheduled lanes one call revisits, and lanes of each. The next call looks at others. */
const REVISITED_TENANTS = 20;
const REVISITED_LANES = 500;
/** How often the reconciler runs, ms. */
const TURN_MS = 5000;
/** Jobs of a lane per script. */
const LOOKED_AT_ONCE = 200;

export function createUpkeep(
  scripts: Scripts,
  { client, keys, ledgerTtlMs, now = Date.now }: FlowOptions,
): Upkeep {
  /** A halted lane without its dead letter: no operator can retry or cancel that job any more. */
  async function releaseHalt(partition: number, { job, lane }: Halt): Promise<Wake[]> {
    const [tenantId = ''] = lane.split(':', 1);
    const args = ['', ledgerTtlMs, '', job, tenantId, lane];
    const [, wakes] = (await scripts.run('release', partition, args)) as ReleaseReply;
    return readWakes(partition, wakes);
  }

  /** @param bucket `<tenant>:<class>`. */
  async function reconcileBucket(partition: number, bucket: string, patienceMs: number): Promise<Repairs> {
    const [tenantId = '', bucketClass = ''] = bucket.split(':');
    const reply = await scripts.run('reconcile', partition, [tenantId, bucketClass, patienceMs]);
    const [repaired, , wakes] = reply as ReconcileReply;
    return { repaired, wakes: readWakes(partition, wakes) };
  }

  /** Looks for scheduled lanes whose head another program has removed, some in each turn of the reconciler. */
  async function revisit(partition: number): Promise<Repairs> {
    const deferred = `${keys.ownOf(partition)}deferred`;
    const turn = Math.floor(now() / TURN_MS);
    const pages = Math.max(1, Math.ceil((await client.zcard(deferred)) / REVISITED_TENANTS));
    const from = (turn % pages) * REVISITED_TENANTS;
    const wakes: Wake[] = [];
    let repaired = 0;
    for (const tenantId of await client.zrange(deferred, `${from}`, `${from + REVISITED_TENANTS - 1}`)) {
      const args = [tenantId, REVISITED_LANES, Math.floor(turn / pages)];
      const [found, woken] = (await scripts.run('revisit', partition, args)) as RevisitReply;
      repaired += found;
      wakes.push(...readWakes(partition, woken));
    }
    return { repaired, wakes };
  }

  /** Removes ended jobs from a lane, some at a time. */
  async function trimLane(partition: number, tenantId: string, lane: string): Promise<void> {
    for (let from = 0; ; ) {
      const args = [tenantId, lane, from, LOOKED_AT_ONCE];
      const [removed, seen] = (await scripts.run('forget-lane', partition, args)) as [number, number];
      if (seen < LOOKED_AT_ONCE) return;
      from += seen - removed;
    }
  }

  return {
    async forgetLane(tenantId, lane) {
      const partition = keys.partitionOf(tenantId);
      const name = laneNamed(tenantId, lane, keys.seal);
      const wakes: Wake[] = [];
      for await (const halt of orphanedHalts(client, keys.ownOf(partition)))
        if (halt.lane === name) wakes.push(...(await releaseHalt(partition, halt)));
      await trimLane(partition, tenantId, name);
      return wakes;
    },

    async expire(partition, atMost) {
      const [found, wakes] = (await scripts.run('expire', partition, [atMost])) as ExpireReply;
      return { found, wakes: readWakes(partition, wakes) };
    },

    async due(partition, atMost) {
      const [moved, nextMs, wakes] = (await scripts.run('due', partition, [atMost])) as DueReply;
      return { moved, nextMs: nextMs < 0 ? null : nextMs, wakes: readWakes(partition, wakes) };
    },

    async lost(partition, limit) {
      const own = keys.ownOf(partition);
      const notes = await client.lrange(`${own}lost`, 0, limit - 1);
      const lost: LostJob[] = [];
      for (const note of notes) {
        const [tenantId = '', job = ''] = note.split(' ', 2);
        // A producer enqueued it once more, or an operator retried it, before a worker concluded
        // it.
        if (await isLive(client, own, job)) await client.lrem(`${own}lost`, 1, note);
        else lost.push({ note, tenantId, kind: kindOf(job), jobId: idOf(job) });
      }
      return lost;
    },

    async concludeLost({ tenantId, note }) {
      const job = note.slice(note.indexOf(' ') + 1);
      await scripts.run('conclude-lost', keys.partitionOf(tenantId), [job, tenantId, note, ledgerTtlMs]);
    },

    async reconcile(partition, patienceMs) {
      const prefix = keys.ownOf(partition);
      const wakes: Wake[] = [];
      let repaired = 0;
      for await (const halt of orphanedHalts(client, prefix)) {
        wakes.push(...(await releaseHalt(partition, halt)));
        repaired++;
      }
      for await (const job of pendingCancellations(client, prefix)) {
        wakes.push({ partition, queue: kindOf(job), jobId: idOf(job), delayMs: 0 });
      }
      for await (const buckets of client.sscanStream(`${prefix}occupied`, { count: 100 })) {
        for (const bucket of buckets as string[]) {
          const repairs = await reconcileBucket(partition, bucket, patienceMs);
          repaired += repairs.repaired;
          wakes.push(...repairs.wakes);
        }
      }
      const revisited = await revisit(partition);
      return { repaired: repaired + revisited.repaired, wakes: [...wakes, ...revisited.wakes] };
    },
  };
}
