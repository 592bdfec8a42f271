import type { z } from 'zod';
import { BUCKET_CLASSES, type BucketClass } from '../../jobs/define.ts';
import { inFlightOf, type Tenant } from '../../tenants/tenant.ts';
import type { Door } from '../door.ts';
import type { bucket, tenant } from './tenant-schemas.ts';

type Bucket = z.output<typeof bucket>;

export async function tenantAnswer(
  { core }: Pick<Door, 'core'>,
  { id, dialect, hosts, onFailure, maxAgeMs, limits }: Tenant,
): Promise<z.output<typeof tenant>> {
  const read = async (bucketClass: BucketClass): Promise<[BucketClass, Bucket]> => {
    const { pausedForMs, reason, ...status } = await core.flow.status({ tenantId: id, bucketClass });
    const isPaused = pausedForMs > 0;
    return [
      bucketClass,
      {
        ...status,
        inFlightLimit: inFlightOf(limits[bucketClass]),
        pausedUntil: isPaused ? new Date(Date.now() + pausedForMs).toISOString() : null,
        pausedFor: isPaused ? reason : null,
      },
    ];
  };
  const buckets = Object.fromEntries(await Promise.all(BUCKET_CLASSES.map(read)));
  const { login, api } = hosts;
  return {
    id,
    dialect,
    hosts: { login, api },
    onFailure,
    maxAgeMs,
    buckets: buckets as Record<BucketClass, Bucket>,
  };
}

const sampleBucket: Bucket = {
  ratePerSecond: 100,
  burst: 100,
  level: 37,
  inFlightLimit: 200,
  pausedUntil: null,
  pausedFor: null,
  failures: 0,
  lanesWaiting: 12,
  lanesReserved: 3,
  lanesBusy: 40,
  lastWaitMs: 150,
};

export const sampleTenant: z.output<typeof tenant> = {
  id: 'acme',
  dialect: 'guest',
  hosts: { login: 'https://login.mypurecloud.de', api: 'https://api.mypurecloud.de' },
  onFailure: 'skip',
  maxAgeMs: null,
  buckets: { messages: sampleBucket, cards: sampleBucket, platform: sampleBucket },
};
