import type { Wake } from '../redis/wakes.ts';
import { inFlightOf, type Limit } from '../tenants/limits.ts';
import type { QuietTimes } from '../tenants/quiet-hours.ts';
import type { BucketRef, BucketStatus, BucketSurvey } from './decisions.ts';
import { quietText } from './notation.ts';
import { pace } from './pace.ts';
import { readStatus, readSurvey } from './replies.ts';
import type { FlowOptions, Scripts } from './scripts.ts';

export interface BucketSettings {
  /** How old jobs of the tenant may get. */
  readonly maxAgeMs?: number | null | undefined;
  /** How many jobs of the tenant may wait. */
  readonly maxWaiting?: number | undefined;
  /** Whether all classes of the tenant take their tokens from the bucket of the class `platform`. */
  readonly countsTogether?: boolean | undefined;
  /** The quiet hours of the tenant, if its jobs of this class have any. */
  readonly quiet?: QuietTimes | undefined;
}

/** Flow control of whole buckets. */
export interface BucketControl {
  /**
   * @param limit with `sharedAs`, the bucket is that of all tenants with the same name there.
   */
  configure(bucket: BucketRef, limit: Limit, settings?: BucketSettings): Promise<Wake[]>;
  /** Tells the bucket the next quiet hours, because days have passed. Other hours need `configure`. */
  renewQuiet(bucket: BucketRef, quiet: QuietTimes): Promise<void>;
  pause(bucket: BucketRef, durationMs: number, reason: string): Promise<void>;
  /** Ends any pause. Quiet hours are no pause. */
  resume(bucket: BucketRef): Promise<Wake[]>;
  /**
   * Ends a pause that a change of the tenant may have mended. A pause by an operator, and one that
   * Genesys Cloud asked for, goes on.
   */
  forgive(bucket: BucketRef): Promise<Wake[]>;
  /**
   * Holds a bucket of a partition while its tenant moves into it, or lets it go.
   * @param from the other partition; null lets it go.
   * @param fields of the bucket in the other partition.
   */
  hold(
    partition: number,
    bucket: { readonly tenantId: string; readonly bucketClass: string },
    from: number | null,
    fields: Readonly<Record<string, string>>,
  ): Promise<Wake[]>;
  /** Gives lanes of a tenant that came into a partition the place that their heads have there. */
  adopt(partition: number, tenantId: string, lanes: readonly string[]): Promise<Wake[]>;
  status(bucket: BucketRef): Promise<BucketStatus>;
  /** What the metrics show of these buckets, of tenants of this partition. One script reads them all. */
  survey(partition: number, buckets: readonly BucketRef[]): Promise<BucketSurvey[]>;
  /**
   * Those of the buckets that have no limits, because Redis has lost them. One script reads them all.
   * @param buckets of tenants of this partition
   */
  unconfigured(partition: number, buckets: readonly BucketRef[]): Promise<BucketRef[]>;
}

/**
 * Reasons of pauses that another secret, another host or another permission of the tenant may end.
 */
const MENDED_BY_RELOAD = 'credentials-refused permission-missing circuit-open';

export function createBucketControl(scripts: Scripts, { keys, requestMs }: FlowOptions): BucketControl {
  const partitionOf = ({ tenantId }: BucketRef) => keys.partitionOf(tenantId);

  const endPause = (bucket: BucketRef, reasons: string) =>
    scripts.wakesOf('pause', partitionOf(bucket), [...nameOf(bucket), 0, reasons]);

  return {
    async configure(bucket, limit, { maxAgeMs, maxWaiting, countsTogether = false, quiet } = {}) {
      const { intervalMs, burst } = pace(limit);
      return await scripts.wakesOf('configure', partitionOf(bucket), [
        ...nameOf(bucket),
        intervalMs,
        burst,
        sharedBucketOf(bucket, limit, countsTogether),
        inFlightOf(limit),
        requestMs,
        maxAgeMs ?? '',
        maxWaiting ?? '',
        countsTogether ? 1 : 0,
        quiet?.of ?? '',
        quietText(quiet),
      ]);
    },

    async renewQuiet(bucket, quiet) {
      const args = [...nameOf(bucket), quiet.of, quietText(quiet)];
      await scripts.run('renew-quiet', partitionOf(bucket), args);
    },

    async pause(bucket, durationMs, reason) {
      await scripts.run('pause', partitionOf(bucket), [...nameOf(bucket), durationMs, reason]);
    },

    resume: (bucket) => endPause(bucket, ''),

    forgive: (bucket) => endPause(bucket, MENDED_BY_RELOAD),

    async hold(partition, { tenantId, bucketClass }, from, fields) {
      const args = [tenantId, bucketClass, from ?? '', ...Object.entries(fields).flat()];
      return await scripts.wakesOf('hold', partition, args);
    },

    adopt: (partition, tenantId, lanes) => scripts.wakesOf('adopt', partition, [tenantId, ...lanes]),

    async status(bucket) {
      return readStatus((await scripts.run('status', partitionOf(bucket), nameOf(bucket))) as string[]);
    },

    async survey(partition, buckets) {
      if (buckets.length === 0) return [];
      return readSurvey(
        buckets,
        (await scripts.run('survey', partition, buckets.flatMap(nameOf))) as string[],
      );
    },

    async unconfigured(partition, buckets) {
      if (buckets.length === 0) return [];
      const places = (await scripts.run('unconfigured', partition, buckets.flatMap(nameOf))) as number[];
      const missing = new Set(places);
      return buckets.filter((_, index) => missing.has(index + 1));
    },
  };
}

/** ARGV[3] and ARGV[4] of the scripts that look at one bucket. */
function nameOf({ tenantId, bucketClass }: BucketRef): string[] {
  return [tenantId, bucketClass];
}

/** ARGV[7] of configure.lua. */
function sharedBucketOf(
  { tenantId, bucketClass }: BucketRef,
  { sharedAs }: Limit,
  countsTogether: boolean,
): string {
  if (sharedAs !== undefined) return countsTogether ? `*${sharedAs}:platform` : `*${sharedAs}`;
  return countsTogether && bucketClass !== 'platform' ? `${tenantId}:platform` : '';
}
