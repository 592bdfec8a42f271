import { z } from 'zod';
import type { Counts } from '../../counts/fields.ts';
import { MAX_ERROR } from '../../counts/histogram.ts';
import { MOST_LOOKED_AT } from '../../flow/waiting-kinds.ts';
import { JOB_KINDS } from '../../jobs/catalog.ts';
import { API_SCHEMAS } from '../openapi-schemas.ts';

export const percentiles = z
  .object({ p50: z.number(), p95: z.number(), p99: z.number() })
  .register(API_SCHEMAS, {
    id: 'Percentiles',
    description: `Percentiles in ms. Each is within ${MAX_ERROR * 100} % of the exact one, or within 1 ms.`,
  });

const count = z.int().min(0);

export const counts = z.object({
  accepted: count.describe('Jobs that flow control accepted.'),
  delivered: count.describe('Jobs that ended with a success.'),
  failed: count.describe('Jobs that failed for good, or that an operator cancelled.'),
  expired: count.describe('Jobs that no worker sent, because their time was over.'),
  held: count.describe('Jobs that may have been delivered, and wait for an operator.'),
  retry: count.describe('Failures that a worker retries.'),
  throttled: count.describe('Answers with 429 from Genesys Cloud. The job waits.'),
} satisfies Record<keyof Counts, z.ZodType>);

export const percent = z.number().min(0).max(100);

export const window = z
  .object({
    from: z.string().describe('Begin of the first span of counts. A window may be one span longer.'),
    to: z.string().describe('The moment of the answer, by the clock of Redis.'),
    counts,
    deliveryRate: percent.nullable().describe('Percent of attempts that delivered their job.'),
    successRate: percent.nullable().describe('Percent of ended jobs that were delivered.'),
    latency: percentiles.nullable().describe('Duration of the request that delivered a job.'),
    jobLatency: percentiles.nullable().describe('Time from the acceptance of a job to its delivery.'),
  })
  .register(API_SCHEMAS, {
    id: 'Window',
    description: 'What the jobs of a tenant did, without callbacks. A value is null without such jobs.',
  });

export const windows = z
  .object({ minute: window, hour: window, day: window })
  .describe('The last minute, hour and day. Workers add their counts once a second.');

export const kindWindows = z
  .object({
    kind: z.enum(JOB_KINDS),
    waiting: count.describe('Accepted jobs of this kind that have not ended.'),
    isWaitingWhole: z
      .boolean()
      .describe(
        `False: more than ${MOST_LOOKED_AT} jobs of the tenant wait, and \`waiting\` counts the oldest.`,
      ),
    minute: window,
    hour: window,
    day: window,
  })
  .register(API_SCHEMAS, {
    id: 'KindWindows',
    description: 'What the jobs of one kind did, and how many wait.',
  });
