import type { BucketRef, BucketStatus } from '../flow/decisions.ts';
import type { Flow } from '../flow/flow.ts';
import { BUCKET_CLASSES } from '../jobs/define.ts';
import type { Queues } from '../queues/queues.ts';
import type { TenantRegistry } from '../tenants/registry.ts';

export interface BucketAccess {
  readonly flow: Flow;
  readonly queues: Queues;
  readonly tenants: TenantRegistry;
}

/** Every bucket of every tenant, or of one. @throws {CodedError} TENANT_UNKNOWN */
export function bucketsOf(tenants: TenantRegistry, tenantId?: string): BucketRef[] {
  const ids = tenantId === undefined ? tenants.ids() : [tenants.get(tenantId).id];
  return ids.flatMap((id) => BUCKET_CLASSES.map((bucketClass) => ({ tenantId: id, bucketClass })));
}

/** Tells flow control the limits of every tenant, or of these buckets, and wakes whom a higher one lets go. */
export async function configureBuckets(
  { flow, queues, tenants }: BucketAccess,
  buckets: readonly BucketRef[] = bucketsOf(tenants),
): Promise<void> {
  await Promise.all(
    buckets.map(async (bucket) => {
      const { limits, maxAgeMs } = tenants.get(bucket.tenantId);
      await queues.wake(await flow.configure(bucket, limits[bucket.bucketClass], maxAgeMs));
    }),
  );
}

/** How every bucket stands: level, pause and its reason, who waits and for how long. */
export async function readBuckets({
  flow,
  tenants,
}: Pick<BucketAccess, 'flow' | 'tenants'>): Promise<(BucketRef & BucketStatus)[]> {
  const refs = bucketsOf(tenants);
  return await Promise.all(refs.map(async (ref) => ({ ...ref, ...(await flow.status(ref)) })));
}

/** Sends nothing from these buckets for so long, on any replica; what is under way is finished. */
export async function pauseBuckets(
  { flow }: Pick<BucketAccess, 'flow'>,
  buckets: readonly BucketRef[],
  { durationMs, reason }: { readonly durationMs: number; readonly reason: string },
): Promise<void> {
  await Promise.all(buckets.map((bucket) => flow.pause(bucket, durationMs, reason)));
}

/**
 * Tries these buckets at once: ends the pauses that refused credentials, a missing permission or an outage began, which a
 * reload of the tenant may have mended. A pause by hand, or one that Genesys Cloud asked for, goes on.
 */
export async function forgiveBuckets(
  { flow, queues }: Pick<BucketAccess, 'flow' | 'queues'>,
  buckets: readonly BucketRef[],
): Promise<void> {
  await Promise.all(buckets.map(async (bucket) => queues.wake(await flow.forgive(bucket))));
}

/** Ends every pause of these buckets, whoever began it, and closes their circuits. */
export async function resumeBuckets(
  { flow, queues }: Pick<BucketAccess, 'flow' | 'queues'>,
  buckets: readonly BucketRef[],
): Promise<void> {
  await Promise.all(buckets.map(async (bucket) => queues.wake(await flow.resume(bucket))));
}
