import type { BucketRef, BucketStatus } from '../flow/decisions.ts';
import type { Flow } from '../flow/flow.ts';
import { BUCKET_CLASSES } from '../jobs/define.ts';
import type { Wake } from '../redis/wakes.ts';
import { quietTimes } from '../tenants/quiet-hours.ts';
import type { TenantRegistry } from '../tenants/registry.ts';
import type { Queues } from './queues.ts';

export interface BucketAccess {
  readonly flow: Flow;
  readonly queues: Queues;
  readonly tenants: TenantRegistry;
}

/** Every bucket of every tenant, or of one tenant. @throws {CodedError} TENANT_UNKNOWN */
export function bucketsOf(tenants: TenantRegistry, tenantId?: string): BucketRef[] {
  const ids = tenantId === undefined ? tenants.ids() : [tenants.get(tenantId).id];
  return ids.flatMap((id) => BUCKET_CLASSES.map((bucketClass) => ({ tenantId: id, bucketClass })));
}

/**
 * Gives flow control the limits of these buckets, and wakes the jobs that a higher limit admits.
 */
export async function configureBuckets(
  { flow, queues, tenants }: BucketAccess,
  buckets: readonly BucketRef[] = bucketsOf(tenants),
  nowMs: number = Date.now(),
): Promise<void> {
  await Promise.all(
    buckets.map(async (bucket) => {
      const { limits, maxAgeMs, quietHours } = tenants.get(bucket.tenantId);
      const { maxWaiting, countsTogether } = limits;
      const quiet = hasQuietHours(bucket) ? quietTimes(quietHours, nowMs) : undefined;
      const settings = { maxAgeMs, maxWaiting, countsTogether, quiet };
      await inPlaces(queues, bucket, () => flow.configure(bucket, limits[bucket.bucketClass], settings));
    }),
  );
}

/** Tells flow control the next quiet hours of the tenants: it knows those of a few days. */
export async function renewQuietHours(
  { flow, queues, tenants }: BucketAccess,
  nowMs: number = Date.now(),
): Promise<void> {
  for (const bucket of bucketsOf(tenants).filter(hasQuietHours)) {
    const quiet = quietTimes(tenants.get(bucket.tenantId).quietHours, nowMs);
    if (quiet) await queues.inPlaces(bucket.tenantId, () => flow.renewQuiet(bucket, quiet));
  }
}

/** Quiet hours hold back what a guest gets, and nothing else. */
function hasQuietHours({ bucketClass }: BucketRef): boolean {
  return bucketClass !== 'platform';
}

/** The buckets that tenants send by. A tenant whose classes are counted together has one. */
export function usedBuckets(tenants: TenantRegistry): BucketRef[] {
  return bucketsOf(tenants).filter(
    ({ tenantId, bucketClass }) => bucketClass === 'platform' || !tenants.get(tenantId).limits.countsTogether,
  );
}

/** The state of every bucket: level, pause and its reason, waiting jobs and how long they wait. */
export async function readBuckets({
  flow,
  tenants,
}: Pick<BucketAccess, 'flow' | 'tenants'>): Promise<(BucketRef & BucketStatus)[]> {
  return await Promise.all(
    usedBuckets(tenants).map(async (ref) => ({ ...ref, ...(await flow.status(ref)) })),
  );
}

/** A tenant that moves to another partition has buckets in both. */
async function inPlaces(
  queues: Queues,
  { tenantId }: BucketRef,
  act: () => Promise<readonly Wake[]>,
): Promise<void> {
  for (const wakes of await queues.inPlaces(tenantId, act)) await queues.wake(wakes);
}

/** Pauses these buckets on all replicas. Requests that are under way go on to their end. */
export async function pauseBuckets(
  { flow, queues }: Pick<BucketAccess, 'flow' | 'queues'>,
  buckets: readonly BucketRef[],
  { durationMs, reason }: { readonly durationMs: number; readonly reason: string },
): Promise<void> {
  await Promise.all(
    buckets.map((bucket) => queues.inPlaces(bucket.tenantId, () => flow.pause(bucket, durationMs, reason))),
  );
}

/**
 * Ends the pauses that refused credentials, a missing permission or an outage began: a reload of
 * the tenant may have mended the cause. A pause that an operator began, or that Genesys Cloud asked
 * for, goes on.
 */
export async function forgiveBuckets(
  { flow, queues }: Pick<BucketAccess, 'flow' | 'queues'>,
  buckets: readonly BucketRef[],
): Promise<void> {
  await Promise.all(buckets.map((bucket) => inPlaces(queues, bucket, () => flow.forgive(bucket))));
}

/** Ends every pause of these buckets, whatever its cause, and closes their circuits. */
export async function resumeBuckets(
  { flow, queues }: Pick<BucketAccess, 'flow' | 'queues'>,
  buckets: readonly BucketRef[],
): Promise<void> {
  await Promise.all(buckets.map((bucket) => inPlaces(queues, bucket, () => flow.resume(bucket))));
}
