import type { BucketRef } from '../flow/decisions.ts';
import type { BucketClass } from '../jobs/define.ts';
import { type BucketAccess, bucketsOf, pauseBuckets, resumeBuckets } from '../queues/buckets.ts';
import { type Author, reaches } from './author.ts';
import { defineOperation, type Target } from './operation.ts';

export interface BucketChoice {
  readonly tenantId: string;
  /** All by default. */
  readonly bucketClass?: BucketClass | undefined;
}

export interface Pause extends BucketChoice {
  readonly durationMs: number;
  /** Shown with the pause. No record has it: a person writes it. */
  readonly reason: string;
}

interface FoundBuckets extends Target {
  readonly buckets: readonly BucketRef[];
}

/** The buckets that were paused or resumed; undefined when there is no such tenant. */
export type PausedBuckets = readonly BucketRef[] | undefined;

/** Acts on whole tenants. */
export function tenantOperations(access: BucketAccess) {
  const { tenants } = access;

  const find = ({ tenantId, bucketClass }: BucketChoice, author: Author): FoundBuckets | undefined => {
    if (!reaches(author, tenantId) || !tenants.has(tenantId)) return undefined;
    const all = bucketsOf(tenants, tenantId);
    const buckets = all.filter((bucket) => bucketClass === undefined || bucket.bucketClass === bucketClass);
    return { buckets, subject: tenantId, tenants: [tenantId] };
  };

  return {
    pauseTenant: defineOperation<Pause, FoundBuckets, PausedBuckets>({
      action: 'tenant.paused',
      detailsOf: ({ bucketClass = null, durationMs }) => ({ bucket: bucketClass, forMs: durationMs }),
      find,
      missing: undefined,
      async perform({ buckets }, { durationMs, reason }) {
        await pauseBuckets(access, buckets, { durationMs, reason });
        return { status: 'done', result: buckets };
      },
    }),
    resumeTenant: defineOperation<BucketChoice, FoundBuckets, PausedBuckets>({
      action: 'tenant.resumed',
      detailsOf: ({ bucketClass = null }) => ({ bucket: bucketClass }),
      find,
      missing: undefined,
      async perform({ buckets }) {
        await resumeBuckets(access, buckets);
        return { status: 'done', result: buckets };
      },
    }),
  };
}
