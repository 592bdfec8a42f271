import { z } from 'zod';
import { JOB_KINDS } from '../jobs/catalog.ts';
import { BUCKET_CLASSES } from '../jobs/define.ts';

const count = z.number().min(0);

const bucketShape = z.object({
  tenantId: z.string(),
  bucketClass: z.enum(BUCKET_CLASSES),
  level: count,
  burst: count,
  pausedForMs: count,
  /** A word of this program, or `operator`; empty without a pause. */
  reason: z.string(),
  lanesRunnable: count,
  lanesThrottled: count,
  inFlight: count,
  oldestWaitingMs: count,
  oldestReadyMs: count,
});

const tenantShape = z.object({
  tenantId: z.string(),
  /** Accepted jobs that have not ended. */
  jobsWaiting: count,
  /** Endpoints that were called lately, by state. */
  endpoints: z.object({ well: count, failing: count, paused: count, disabled: count }),
  /** Ids of some endpoints that fail, or are paused or disabled. Addresses stay where they are sealed. */
  troubled: z.array(z.string()),
});

const workerShape = z.object({
  name: z.string(),
  version: z.string().nullable(),
  queues: z.array(z.enum(JOB_KINDS)).nullable(),
  inHand: count.nullable(),
  startedAtMs: z.number().nullable(),
  beatAtMs: z.number().nullable(),
});

/** What an installation does at one moment, as one process tells the others. BucketSurvey explains its buckets. */
export const surveyShape = z.object({
  /** When it was taken, ms by the clock of Redis. */
  atMs: z.number(),
  buckets: z.array(bucketShape),
  tenants: z.array(tenantShape),
  /** Workers with a heartbeat. */
  workers: count,
  /** These workers. WorkerView explains them. */
  alive: z.array(workerShape),
  /** Audit records that wait for the store, and the age of the oldest one. */
  relay: z.object({ entries: count, oldestAgeMs: count }),
  /** The clock that is most off: by how many ms. */
  clockSkewMs: count,
  /** Of the fullest master, bytes; `max` is 0 without a limit. */
  memory: z.object({ used: count, max: count }),
});

export type Survey = z.output<typeof surveyShape>;

export type TenantSurvey = z.output<typeof tenantShape>;
