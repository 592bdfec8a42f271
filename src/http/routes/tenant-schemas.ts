import { z } from 'zod';
import { parseDuration } from '../../core/duration.ts';
import { BUCKET_CLASSES } from '../../jobs/define.ts';
import { API_SCHEMAS } from '../openapi-schemas.ts';
import { kindWindows, windows } from './window-schemas.ts';

const MAX_PAUSE_MS = parseDuration('30d') ?? 0;

export const bucket = z
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
    windows,
    kinds: z.array(kindWindows).describe('Each kind with jobs that wait, or with counts in the last day.'),
  })
  .register(API_SCHEMAS, { id: 'Tenant' });

export const tenantList = z.object({ tenants: z.array(z.object({ id: z.string(), self: z.string() })) });

const bucketClass = z.enum(BUCKET_CLASSES).optional().describe('Only this bucket; all buckets by default.');

export const pauseBody = z.strictObject({
  for: z
    .string()
    .refine(isPause, 'expected a duration from 1ms to 30d, such as 90s, 10m or 2h')
    .describe('How long, such as `90s`, `10m` or `2h`.'),
  reason: z
    .string()
    .regex(/^[\x20-\x7e]{1,100}$/, 'expected 1 to 100 printable ASCII characters')
    .default('by hand'),
  bucket: bucketClass,
});

export const resumeBody = z.strictObject({ bucket: bucketClass }).nullable();

export const acted = z.object({ id: z.string(), buckets: z.array(z.enum(BUCKET_CLASSES)) });

export const reloaded = z.object({
  tenants: z.int().describe('How many tenants this process has now.'),
  issues: z.array(z.string()).describe('Errors of entries. Their tenants stay as they were.'),
  isComplete: z.boolean().describe('All processes have taken the whole file, and the same one.'),
  processes: z
    .array(
      z.object({
        process: z.string().describe('Host, process id and a random part.'),
        command: z.enum(['worker', 'serve']).nullable(),
        status: z
          .enum(['reloaded', 'with-errors', 'failed', 'silent'])
          .describe(
            '`with-errors`: tenants with errors stay as they were. `failed`: all do. `silent`: no report came within 10 seconds.',
          ),
        tenants: z.int().nullable().describe('How many tenants the process has now.'),
        errors: z.int().nullable().describe('How many errors; the log of the process has them.'),
        isSameFile: z.boolean().nullable().describe('Whether its file equals that of this process.'),
      }),
    )
    .describe('Every worker and server that was there in the last 15 seconds.'),
});

const sampleReader = { status: 'reloaded', tenants: 3, errors: 0, isSameFile: true } as const;

export const sampleReload: z.output<typeof reloaded> = {
  tenants: 3,
  issues: [],
  isComplete: true,
  processes: [
    { process: 'host-a-4711-5f0c2d9e', command: 'serve', ...sampleReader },
    { process: 'host-b-4712-8b7a4f6c', command: 'worker', ...sampleReader },
  ],
};

function isPause(text: string): boolean {
  const ms = parseDuration(text);
  return ms !== undefined && ms >= 1 && ms <= MAX_PAUSE_MS;
}
