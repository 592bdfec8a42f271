import type { z } from 'zod';
import { COUNTED_KINDS } from '../../counts/kinds.ts';
import { type TenantWindows, windowsWithoutCounts } from '../../counts/windows.ts';
import { countWaitingKinds, type WaitingKinds } from '../../flow/waiting-kinds.ts';
import { BUCKET_CLASSES, type BucketClass } from '../../jobs/define.ts';
import { inFlightOf } from '../../tenants/limits.ts';
import type { Tenant } from '../../tenants/tenant.ts';
import type { Door } from '../door.ts';
import type { bucket, tenant } from './tenant-schemas.ts';
import type { window } from './window-schemas.ts';

type Bucket = z.output<typeof bucket>;

export async function tenantAnswer(
  { core, windows }: Pick<Door, 'core' | 'windows'>,
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
  const [buckets, counted, waiting] = await Promise.all([
    Promise.all(BUCKET_CLASSES.map(read)),
    windows.of(id),
    countWaitingKinds(core.client, core.keys, id),
  ]);
  const { login, api } = hosts;
  return {
    id,
    dialect,
    hosts: { login, api },
    onFailure,
    maxAgeMs,
    buckets: Object.fromEntries(buckets) as Record<BucketClass, Bucket>,
    windows: counted.all,
    kinds: kindsOf(counted, waiting),
  };
}

/** Those with jobs that wait, or with counts. */
function kindsOf(
  { kinds, all }: TenantWindows,
  { jobs, isWhole }: WaitingKinds,
): z.output<typeof tenant>['kinds'] {
  return COUNTED_KINDS.flatMap(({ kind }) => {
    const counted = kinds.find((each) => each.kind === kind)?.windows;
    const waiting = jobs.get(kind) ?? 0;
    if (!counted && waiting === 0) return [];
    return [{ kind, waiting, isWaitingWhole: isWhole, ...(counted ?? windowsWithoutCounts(all)) }];
  });
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

const sampleWindow: z.output<typeof window> = {
  from: '2026-02-28T09:00:00.000Z',
  to: '2026-03-01T09:31:04.512Z',
  counts: { accepted: 203, delivered: 196, failed: 3, expired: 1, held: 0, retry: 1, throttled: 1 },
  deliveryRate: 98,
  successRate: 98,
  latency: { p50: 86.7, p95: 216, p99: 447 },
  jobLatency: { p50: 150, p95: 1110, p99: 3990 },
};

const sampleWindows: z.output<typeof tenant>['windows'] = {
  minute: {
    from: '2026-03-01T09:30:00.000Z',
    to: '2026-03-01T09:31:04.512Z',
    counts: { accepted: 3, delivered: 0, failed: 0, expired: 0, held: 0, retry: 0, throttled: 1 },
    deliveryRate: null,
    successRate: null,
    latency: null,
    jobLatency: null,
  },
  hour: {
    ...sampleWindow,
    from: '2026-03-01T08:31:00.000Z',
  },
  day: sampleWindow,
};

export const sampleTenant: z.output<typeof tenant> = {
  id: 'acme',
  dialect: 'guest',
  hosts: { login: 'https://login.mypurecloud.de', api: 'https://api.mypurecloud.de' },
  onFailure: 'skip',
  maxAgeMs: null,
  buckets: { messages: sampleBucket, cards: sampleBucket, platform: sampleBucket },
  windows: sampleWindows,
  kinds: [{ kind: 'message-transmission', waiting: 3, isWaitingWhole: true, ...sampleWindows }],
};
