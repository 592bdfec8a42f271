import type { BucketRef } from '../flow/decisions.ts';
import type { Logger } from '../observe/logger.ts';
import { type BucketAccess, bucketsOf, configureBuckets } from '../queues/buckets.ts';
import type { RedisClient } from '../redis/connect.ts';
import { claimInstallation } from '../redis/installation.ts';
import type { Keys } from '../redis/keys.ts';

export interface RestoreOptions extends BucketAccess {
  readonly redis: RedisClient;
  readonly keys: Keys;
  readonly logger: Logger;
}

/** Buckets that one turn checks. With more buckets than this, several turns check them all. */
const BUCKETS_AT_ONCE = 300;

/**
 * Restores what a worker writes at its start. A Redis that comes back empty, for example after a
 * fail-over without a replica, has no buckets. Jobs would wait for ever for a worker to configure
 * them.
 */
export function createRestore(options: RestoreOptions): (partition: number) => Promise<void> {
  const { flow, queues, tenants, redis, keys, logger } = options;
  const cursors = new Map<number, number>();

  /** The buckets of a partition that this turn checks. */
  function turnOf(partition: number): BucketRef[] {
    const refs = bucketsOf(tenants).filter(({ tenantId }) => keys.layout.homeOf(tenantId) === partition);
    const from = cursors.get(partition) ?? 0;
    const turn = refs.slice(from, from + BUCKETS_AT_ONCE);
    cursors.set(partition, from + BUCKETS_AT_ONCE >= refs.length ? 0 : from + BUCKETS_AT_ONCE);
    return turn;
  }

  return async function restore(partition) {
    if (partition === 0 && (await claimInstallation(redis, keys)) === 'written') {
      logger.error('redis has lost its data; tenants are configured anew, jobs and schedules are gone');
      await configureBuckets(options);
      for (const each of keys.partitions()) await queues.restore(each);
    }
    const missing = await flow.unconfigured(partition, turnOf(partition));
    if (missing.length === 0) return;
    await configureBuckets(options, missing);
    await queues.restore(partition);
    logger.warn({ partition, buckets: missing.length }, 'buckets that redis has lost are configured anew');
  };
}
