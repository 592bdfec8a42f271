import { z } from 'zod';
import { BUCKET_CLASSES, type BucketClass } from '../../jobs/define.ts';
import { inFlightOf, type Tenant } from '../../tenants/tenant.ts';
import type { Door } from '../door.ts';
import { API_SCHEMAS } from '../openapi-schemas.ts';

const bucket = z
  .object({
    ratePerSecond: z.number(),
    burst: z.number().describe('Requests that may be sent at once after a pause.'),
    level: z.number().describe('Requests that may be sent at once now.'),
    inFlightLimit: z.int().describe('Most requests under way at the same time.'),
    pausedUntil: z.string().nullable(),
    pausedFor: z.string().nullable().describe('Why the bucket is paused.'),
    failures: z.int().describe('Failures in a row; five open the circuit.'),
    lanesWaiting: z.int().describe('Conversations in the wait queue.'),
    lanesReserved: z.int(),
    lanesBusy: z.int().describe('Conversations with a job at work.'),
    lastWaitMs: z.number().describe('When the last one of the wait queue may send, from now.'),
  })
  .register(API_SCHEMAS, { id: 'Bucket', description: 'A rate limit of a tenant, and what waits for it.' });

export const tenant = z
  .object({
    id: z.string(),
    dialect: z.string(),
    hosts: z.object({ login: z.string(), api: z.string() }),
    onFailure: z.string().describe('`halt`: a failed job holds up its conversation. `skip`: it does not.'),
    maxAgeMs: z.number().nullable(),
    buckets: z.object({ messages: bucket, cards: bucket, platform: bucket }),
  })
  .register(API_SCHEMAS, { id: 'Tenant' });

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
