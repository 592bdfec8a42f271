import { inFlightOf, type Limit } from '../tenants/limits.ts';
import type { BucketRef, BucketStatus, Wake } from './decisions.ts';
import { pace } from './pace.ts';
import { readStatus } from './replies.ts';
import type { FlowOptions, Scripts } from './scripts.ts';

/** Flow control of whole buckets. */
export interface BucketControl {
  /**
   * @param limit with `sharedAs`, the bucket is that of all tenants with the same name there.
   * @param maxAgeMs how old jobs of the tenant may get.
   * @param maxWaiting how many jobs of the tenant may wait.
   */
  configure(bucket: BucketRef, limit: Limit, maxAgeMs?: number | null, maxWaiting?: number): Promise<Wake[]>;
  pause(bucket: BucketRef, durationMs: number, reason: string): Promise<void>;
  /** Ends any pause. */
  resume(bucket: BucketRef): Promise<Wake[]>;
  /**
   * Ends a pause that a change of the tenant may have mended. A pause by an operator, and one that
   * Genesys Cloud asked for, goes on.
   */
  forgive(bucket: BucketRef): Promise<Wake[]>;
  status(bucket: BucketRef): Promise<BucketStatus>;
}

/**
 * Reasons of pauses that another secret, another host or another permission of the tenant may end.
 */
const MENDED_BY_RELOAD = 'credentials-refused permission-missing circuit-open';

export function createBucketControl(scripts: Scripts, { keys, attemptMs }: FlowOptions): BucketControl {
  const partitionOf = ({ tenantId }: BucketRef) => keys.partitionOf(tenantId);

  const endPause = (bucket: BucketRef, reasons: string) =>
    scripts.wakesOf('pause', partitionOf(bucket), [...nameOf(bucket), 0, reasons]);

  return {
    async configure(bucket, limit, maxAgeMs, maxWaiting) {
      const { intervalMs, burst } = pace(limit);
      const shared = limit.sharedAs === undefined ? '' : `*${limit.sharedAs}`;
      return await scripts.wakesOf('configure', partitionOf(bucket), [
        ...nameOf(bucket),
        intervalMs,
        burst,
        shared,
        inFlightOf(limit),
        attemptMs,
        maxAgeMs ?? '',
        maxWaiting ?? '',
      ]);
    },

    async pause(bucket, durationMs, reason) {
      await scripts.run('pause', partitionOf(bucket), [...nameOf(bucket), durationMs, reason]);
    },

    resume: (bucket) => endPause(bucket, ''),

    forgive: (bucket) => endPause(bucket, MENDED_BY_RELOAD),

    async status(bucket) {
      return readStatus((await scripts.run('status', partitionOf(bucket), nameOf(bucket))) as string[]);
    },
  };
}

/** ARGV[3] and ARGV[4] of the scripts that look at one bucket. */
function nameOf({ tenantId, bucketClass }: BucketRef): string[] {
  return [tenantId, bucketClass];
}
