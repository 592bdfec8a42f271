import type { Clock } from '../core/clock.ts';
import type { JobKind } from '../jobs/catalog.ts';
import type { RedisClient } from '../redis/connect.ts';
import { isWrongType } from '../redis/failure.ts';
import { JOB_FIELDS, type Keys } from '../redis/keys.ts';
import { type Damage, damageOf, mend } from './damage.ts';

/**
 * Finds jobs that BullMQ cannot read. It keeps a copy of each, and repairs it so that a worker can
 * end it as a dead letter.
 */
export interface DamagedJobs {
  /**
   * Checks the hash of a job that a worker was just handed.
   * @returns the hash as BullMQ can read it.
   */
  check(jobId: string, raw: Record<string, string>): Promise<Record<string, string>>;
  /**
   * Checks a job in its queue.
   * @returns whether it was damaged.
   */
  checkStored(jobId: string): Promise<boolean>;
  /**
   * Gives back jobs that a worker did not get because a script of BullMQ failed: each is among the
   * running jobs, and no worker runs it.
   * @returns their ids.
   */
  release(): Promise<string[]>;
}

export interface DamagedJobsOptions {
  readonly client: RedisClient;
  readonly keys: Keys;
  readonly kind: JobKind;
  readonly partition: number;
  readonly clock: Clock;
  /** How long the copy of a job is kept, ms. */
  readonly keepMs: number;
  readonly onDamage: (jobId: string, fields: readonly string[], kept: string) => void;
}

export function createDamagedJobs(options: DamagedJobsOptions): DamagedJobs {
  const { client, keys, kind, partition, clock, keepMs } = options;
  const key = (suffix: string) => `${keys.queuePrefix(partition)}:${kind}:${suffix}`;
  const keptAs = (jobId: string) => keys.damaged(partition, kind, jobId);

  /**
   * The copy comes before the repair, and a second copy changes nothing. So the damaged values are
   * never lost.
   */
  async function write(jobId: string, { fields, mended }: Damage): Promise<void> {
    const all = Object.entries({ ...mended, [JOB_FIELDS.damaged]: fields.join(', ') });
    const gone = all.filter(([, value]) => value === null).map(([name]) => name);
    const written = Object.fromEntries(all.filter(([, value]) => value !== null));
    const transaction = client.multi();
    transaction.copy(key(jobId), keptAs(jobId));
    transaction.pexpire(keptAs(jobId), keepMs);
    transaction.hset(key(jobId), written);
    if (gone.length > 0) transaction.hdel(key(jobId), ...gone);
    await transaction.exec();
    options.onDamage(jobId, fields, keptAs(jobId));
  }

  async function check(jobId: string, raw: Record<string, string>): Promise<Record<string, string>> {
    const damage = damageOf(raw, kind, clock.now());
    if (!damage) return raw;
    await write(jobId, damage);
    return { ...mend(raw, damage), [JOB_FIELDS.damaged]: damage.fields.join(', ') };
  }

  /** Whether the scripts of BullMQ fail on a job. A key that is not a hash is moved away. */
  async function isStuck(jobId: string): Promise<boolean> {
    try {
      const raw = await client.hgetall(key(jobId));
      const damage = damageOf(raw, kind, clock.now());
      if (!damage || !('ats' in damage.mended || 'stc' in damage.mended)) return false;
      await write(jobId, damage);
      return true;
    } catch (error) {
      if (!isWrongType(error)) throw error;
      await putAside(jobId);
      return true;
    }
  }

  async function putAside(jobId: string): Promise<void> {
    await client.rename(key(jobId), keptAs(jobId));
    await client.pexpire(keptAs(jobId), keepMs);
    options.onDamage(jobId, ['the whole job'], keptAs(jobId));
  }

  /** The hash of a job. A key that is not a hash is moved away, and the job is gone. */
  async function stored(jobId: string): Promise<Record<string, string>> {
    try {
      return await client.hgetall(key(jobId));
    } catch (error) {
      if (!isWrongType(error)) throw error;
      await putAside(jobId);
      return {};
    }
  }

  return {
    check,

    async checkStored(jobId) {
      const raw = await stored(jobId);
      if (Object.keys(raw).length === 0) return false;
      return (await check(jobId, raw)) !== raw;
    },

    async release() {
      const released: string[] = [];
      for (const jobId of await client.lrange(key('active'), 0, -1)) {
        if (!(await isStuck(jobId))) continue;
        await client
          .multi()
          .lrem(key('active'), 1, jobId)
          .del(key(`${jobId}:lock`))
          .lrem(key('wait'), 1, jobId)
          .rpush(key('wait'), jobId)
          .zadd(key('marker'), 0, '0')
          .exec();
        released.push(jobId);
      }
      return released;
    },
  };
}
