import { isLimited } from '../flow/job-ref.ts';
import { possibleJobsOf } from '../flow/notation.ts';
import { CATALOG } from '../jobs/catalog.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import { loadScript } from '../redis/script.ts';
import type { KeptJob } from './belongings.ts';
import { carryKey } from './carry-key.ts';
import { mergedKey } from './carry-names.ts';

export interface Way {
  readonly from: number;
  readonly to: number;
}

/**
 * Carries a job that has ended or is delayed to another partition, with its steps, its ledger entry, its
 * attempts, its entry in the index of jobs and the moment at which it expires.
 * The copy is complete before the job leaves the old queue. A command that dies in between is repeated; it
 * leaves a complete copy as it is, because an operator may have sent it again.
 *
 * @returns false when the job stays: an operator has sent it again, or a worker has it.
 */
export type CarryJob = (job: KeptJob, way: Way) => Promise<boolean>;

/** Keys of a parent whose members are the keys of its steps. */
const STEPS = ['dependencies', 'processed', 'failed', 'unsuccessful'] as const;

export function createCarryJob(client: RedisClient, keys: Keys): CarryJob {
  const take = loadScript(client, new URL('./take-job.lua', import.meta.url), []);
  const note = loadScript(client, new URL('./note-copy.lua', import.meta.url), []);

  /** The names of keys in the values of BullMQ begin with those of the new partition. */
  const renamed = (text: string, { from, to }: Way) =>
    text.replaceAll(`${keys.queuePrefix(from)}:`, `${keys.queuePrefix(to)}:`);
  const renamedPrefix = (text: string, { from, to }: Way) =>
    text.replaceAll(keys.queuePrefix(from), keys.queuePrefix(to));

  async function renameParent(key: string, way: Way): Promise<void> {
    const [parentKey, parent] = await client.hmget(key, 'parentKey', 'parent');
    if (parentKey) await client.hset(key, 'parentKey', renamed(parentKey, way));
    if (parent) await client.hset(key, 'parent', renamedPrefix(parent, way));
  }

  async function carrySteps(source: string, target: string, way: Way): Promise<void> {
    const types = await Promise.all(STEPS.map((name) => client.type(`${source}:${name}`)));
    for (const [index, name] of STEPS.entries()) {
      const [from, to] = [`${source}:${name}`, `${target}:${name}`];
      if (types[index] === 'set') {
        const members = await client.smembers(from);
        await client.sadd(to, ...members.map((member) => renamed(member, way)));
      } else if (types[index] === 'hash') {
        for (const [field, value] of Object.entries(await client.hgetall(from)))
          await client.hset(to, renamed(field, way), value);
      } else if (types[index] === 'zset') {
        const members = await client.zrange(from, '0', '-1', 'WITHSCORES');
        for (let at = 0; at < members.length; at += 2)
          await client.zadd(to, members[at + 1] ?? '0', renamed(members[at] ?? '', way));
      }
    }
  }

  /** Keys of the job beside those of BullMQ, in a partition. */
  function othersOf({ kind, jobId }: KeptJob, partition: number): string[] {
    const own = keys.ownOf(partition);
    const code = CATALOG[kind].kindCode;
    const ledger = code === null ? [] : [`${own}ledger:${code}${jobId}`];
    const attempts = kind === 'webhook-delivery' ? [`${own}attempts:${jobId}`] : [];
    return [...ledger, ...attempts, keys.damaged(partition, kind, jobId)];
  }

  /** A job and its entry in the index move together: the reconciler removes entries without a job. */
  async function carryEntry({ kind, jobId, tenantId }: KeptJob, { from, to }: Way): Promise<void> {
    if (!isLimited(kind)) return;
    const [source, target] = [keys.ownOf(from), keys.ownOf(to)];
    const entries = possibleJobsOf(kind, jobId);
    const scores = await client.zmscore(`${source}jobs:${tenantId}`, entries);
    for (const [at, entry] of entries.entries()) {
      const score = scores[at];
      if (score) await client.zadd(`${target}jobs:${tenantId}`, 'NX', score, entry);
    }
    await client.hsetnx(`${target}indexed`, tenantId, '-inf');
    for (const entry of entries) {
      const expiresAt = await client.zscore(`${source}expiring`, entry);
      if (expiresAt !== null) await client.zadd(`${target}expiring`, 'NX', expiresAt, entry);
    }
  }

  /** @returns false when there is no such job. */
  async function copyJob(job: KeptJob, way: Way, { own, copy }: Copy): Promise<boolean> {
    if (!(await carryKey(client, own, copy, 'replace'))) return false;
    await renameParent(copy, way);
    await carryKey(client, `${own}:logs`, `${copy}:logs`, 'replace');
    await carrySteps(own, copy, way);
    const otherCopies = othersOf(job, way.to);
    for (const [index, key] of othersOf(job, way.from).entries())
      await carryKey(client, key, otherCopies[index] ?? '', 'replace');
    await carryEntry(job, way);
    return true;
  }

  /** Removes the copy of a job that an operator has sent again in the old partition. */
  async function removeCopy(job: KeptJob, { to }: Way, { target, copy }: Copy): Promise<void> {
    if ((await client.zrem(`${target}${job.state}`, job.jobId)) === 0) return;
    await client.zrem(`${keys.ownOf(to)}jobs:${job.tenantId}`, ...entriesOf(job));
    await client.unlink(copy, ...['logs', ...STEPS].map((name) => `${copy}:${name}`), ...othersOf(job, to));
  }

  return async function carry(job, way) {
    const [source, target] = [way.from, way.to].map(
      (partition) => `${keys.queuePrefix(partition)}:${job.kind}:`,
    ) as [string, string];
    const ways = { own: `${source}${job.jobId}`, copy: `${target}${job.jobId}`, target };
    const { own } = ways;
    // A job that was sent again has another place since: then it is copied anew.
    const mark = `${ways.copy} ${job.state} ${job.score}`;
    const merged = mergedKey(keys, way.to, job.tenantId);
    if ((await client.sismember(merged, mark)) === 0) {
      if (!(await copyJob(job, way, ways))) return true;
      await note.run(target, [target, job.state, job.jobId, job.score, merged, mark]);
    }
    const parts = ['logs', ...STEPS].map((name) => `${own}:${name}`);
    const entries = entriesOf(job);
    // The ledger stays: it tells producers which ids are known.
    const left = [...parts, ...othersOf(job, way.from).filter((key) => !key.includes(':ledger:'))];
    const index = `${keys.ownOf(way.from)}jobs:${job.tenantId}`;
    const taking = [source, job.state, job.jobId, index, entries.length, ...entries, ...left];
    const isTaken = (await take.run(source, taking)) === 1;
    if (!isTaken) await removeCopy(job, way, ways);
    await client.srem(merged, mark);
    return isTaken;
  };
}

/** A job and its copy. */
interface Copy {
  readonly own: string;
  readonly copy: string;
  /** Beginning of the keys of the new queue. */
  readonly target: string;
}

/** What the index of the tenant may call the job. */
function entriesOf({ kind, jobId }: KeptJob): string[] {
  return isLimited(kind) ? possibleJobsOf(kind, jobId) : [jobId];
}
