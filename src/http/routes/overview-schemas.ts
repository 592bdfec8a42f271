import { z } from 'zod';
import { JOB_KINDS } from '../../jobs/catalog.ts';
import { BUCKET_CLASSES } from '../../jobs/define.ts';
import { PAUSE_REASONS, TENANT_STATES } from '../../survey/tenant-state.ts';
import { API_SCHEMAS } from '../openapi-schemas.ts';
import { endpoint } from './webhook-schemas.ts';
import { counts, percent, percentiles } from './window-schemas.ts';

const number = z.int().min(0);
const seconds = z.number().min(0);

const recent = z
  .object({
    counts,
    deliveryRate: percent.nullable().describe('Percent of attempts that delivered their job.'),
    successRate: percent.nullable().describe('Percent of ended jobs that were delivered.'),
    latency: percentiles.nullable().describe('Duration of the request that delivered a job.'),
  })
  .register(API_SCHEMAS, { id: 'RecentJobs', description: 'What jobs did lately, without callbacks.' });

const pause = {
  reason: z
    .enum(PAUSE_REASONS)
    .nullable()
    .describe('Why it is paused; null without a pause. `GET /v1/tenants/{id}` has the words of an operator.'),
  until: z.string().nullable().describe('When the pause ends; null without an end.'),
};

const load = {
  inFlight: number.describe('Requests under way.'),
  runnable: number.describe('Conversations and other lanes whose job may run now.'),
  throttled: number.describe('Conversations and other lanes whose job waits for its turn.'),
};

const ages = {
  oldestRunnableSeconds: seconds.describe(
    'For how long a job could have run, and no worker has taken it. It grows when there are too few workers.',
  ),
  oldestWaitingSeconds: seconds.describe('Age of the oldest job that waits for its turn.'),
};

const waiting = number.describe('Accepted jobs that have not ended.');

const bucketState = z
  .object({
    class: z.enum(BUCKET_CLASSES).describe('`messages`, `cards`, or `platform` for all other kinds.'),
    level: z.number().describe('Requests that may be sent at once now.'),
    burst: z.number().describe('Requests that may be sent at once when the bucket is full.'),
    ...load,
    ...ages,
    ...pause,
  })
  .register(API_SCHEMAS, { id: 'BucketState', description: 'A rate limit of a tenant, as of now.' });

export const tenantStateSchema = z
  .object({
    id: z.string(),
    state: z
      .enum(TENANT_STATES)
      .describe('`suspended`: Genesys Cloud refuses the credentials. `paused`: any other pause of a bucket.'),
    ...pause,
    waiting,
    ...load,
    ...ages,
    buckets: z.array(bucketState).describe('A tenant whose classes count together has one.'),
    minute: recent,
    hour: recent,
    endpoints: z
      .object({ well: number, failing: number, paused: number, disabled: number })
      .describe('Receivers that workers called lately, by state.'),
  })
  .register(API_SCHEMAS, { id: 'TenantState', description: 'What a tenant does now.' });

const worker = z
  .object({
    name: z.string().describe('Host, process id and a random part.'),
    version: z.string().nullable(),
    queues: z.array(z.enum(JOB_KINDS)).nullable(),
    inHand: number.nullable().describe('Jobs that it runs.'),
    startedAt: z.string().nullable(),
    beatAt: z.string().nullable().describe('Its last heartbeat.'),
  })
  .register(API_SCHEMAS, {
    id: 'Worker',
    description: 'A worker with a heartbeat. One of an earlier version has a name, and null for the rest.',
  });

const OF_ALL = 'Null for a key that is bound to tenants.';

export const overview = z
  .object({
    at: z.string().describe('The moment of the snapshot, by the clock of Redis.'),
    from: z
      .object({ minute: z.string(), hour: z.string() })
      .describe('When `minute` and `hour` begin: a span of counts before their name says.'),
    total: z.object({ waiting, ...load, minute: recent, hour: recent }).describe('The tenants together.'),
    tenants: z.array(tenantStateSchema),
    endpointsInTrouble: z
      .array(endpoint)
      .describe('Receivers that fail, or are paused or disabled: up to five of each tenant.'),
    workers: z.array(worker).nullable().describe(OF_ALL),
    relay: z
      .object({
        waiting: number.describe('Audit records that wait in Redis for the database.'),
        lagSeconds: seconds.describe('For how long the oldest one has waited.'),
      })
      .nullable()
      .describe(OF_ALL),
    redis: z
      .object({
        memoryBytes: number.describe('Of the fullest master.'),
        memoryLimitBytes: number.describe('0 without a limit.'),
        clockSkewSeconds: seconds.describe(
          'By how much the clock of a process differs most; 0 up to one second.',
        ),
      })
      .nullable()
      .describe(OF_ALL),
  })
  .register(API_SCHEMAS, { id: 'Overview', description: 'What the installation does now.' });

export const overviewQuery = z.strictObject({
  tenant: z.string().max(100).optional().describe('Only this tenant. All tenants of the key by default.'),
});
