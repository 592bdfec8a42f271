import type { Flow } from '../flow/flow.ts';
import type { BucketClass } from '../jobs/define.ts';
import type { Queues } from '../queues/queues.ts';
import type { TenantRegistry } from '../tenants/registry.ts';

/** Tells flow control the limits of every tenant, and wakes whom a higher one lets go. */
export async function configureBuckets({
  flow,
  queues,
  tenants,
}: {
  readonly flow: Flow;
  readonly queues: Queues;
  readonly tenants: TenantRegistry;
}): Promise<void> {
  await Promise.all(
    tenants.ids().map(async (tenantId) => {
      for (const [bucketClass, limit] of Object.entries(tenants.get(tenantId).limits)) {
        const place = { tenantId, bucketClass: bucketClass as BucketClass };
        await queues.wake(await flow.configure(place, limit));
      }
    }),
  );
}
