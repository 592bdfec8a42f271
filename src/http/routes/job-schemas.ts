import { z } from 'zod';
import { ERROR_CODES } from '../../core/errors.ts';
import { WAIT_REASONS } from '../../flow/wait-reason.ts';
import { JOB_KINDS } from '../../jobs/catalog.ts';
import { CALLBACK_EVENTS, timestamp } from '../../jobs/fields.ts';
import { MAX_ATTEMPTS } from '../../queues/attempts.ts';
import { MAX_PAGE } from '../../queues/index-pages.ts';
import { JOB_STATES, SHOWN_STATES } from '../../queues/jobs.ts';
import { API_SCHEMAS } from '../openapi-schemas.ts';
import { linksOfAny } from './answers.ts';

export const waiting = z
  .object({
    reason: z.enum(WAIT_REASONS).describe('One word for programs.'),
    sentence: z.string().describe('The same for people.'),
    until: z.string().nullable().describe('The moment before which no worker sends the job, if it is known.'),
    behind: z.object({ sequence: z.number(), jobId: z.string() }).optional(),
    position: z.number().optional().describe('The place in the wait queue, from 1.'),
    pausedFor: z.string().optional(),
  })
  .register(API_SCHEMAS, { id: 'Waiting', description: 'Why a job waits.' });

export const job = z
  .object({
    id: z.string(),
    kind: z.enum(JOB_KINDS),
    name: z.string().describe('The operation, for a kind with several; else the kind.'),
    state: z.enum(SHOWN_STATES).describe('`prioritized` and `unknown`: another program changed it in Redis.'),
    tenantId: z.string().nullable(),
    lane: z.string().nullable().describe('The conversation or other subject whose jobs keep their order.'),
    acceptedAt: z.string().nullable(),
    sendAt: z.string().nullable().describe('No worker sends it before. Null: it is not scheduled.'),
    attemptsMade: z.int(),
    traceparent: z.string().nullable().describe('The trace that its caller named (W3C Trace Context).'),
    steps: z.object({ pending: z.int(), done: z.int(), failed: z.int() }).nullable(),
    result: z.unknown().describe('Of a delivered job. Content that its caller wrote is masked.'),
    failedReason: z
      .string()
      .nullable()
      .describe(
        'Code and reason of a dead letter; null for any other job. `attempts` has the codes of those.',
      ),
    links: linksOfAny,
  })
  .register(API_SCHEMAS, { id: 'Job' });

export const callback = z
  .object({
    id: z.string().describe('Its `webhook-id`.'),
    ending: z.enum(CALLBACK_EVENTS).describe('The end of the job that it reports.'),
    state: z
      .enum(['waiting', 'running', 'delivered', 'dead-letter'])
      .describe('`dead-letter`: no worker sends it again, unless an operator replays it.'),
    attempts: z.int().describe('At most the last 20, and those since the last replay.'),
    lastAttemptAt: z.string().nullable(),
    deliveredAt: z.string().nullable(),
    failedReason: z.string().nullable().describe('Code and reason of a dead letter.'),
    endpointId: z.string().nullable(),
    links: z.object({
      self: z.string().describe('The callback as a job, and why it waits.'),
      attempts: z.string(),
      replay: z.string(),
      endpoint: z.string().optional(),
    }),
  })
  .register(API_SCHEMAS, { id: 'Callback', description: 'A callback of a job.' });

const attemptOfJob = z
  .object({
    number: z.int().describe('From 1. It goes on when an operator sends the job again.'),
    startedAt: z.string().nullable(),
    endedAt: z.string().nullable(),
    code: z
      .string()
      .nullable()
      .describe('The code of its error; null for the attempt that delivered the job.'),
    status: z.int().nullable().describe('HTTP status of the answer that made it fail; null without one.'),
  })
  .register(API_SCHEMAS, { id: 'JobAttempt' });

export const detailedJob = z
  .object({
    ...job.shape,
    attempts: z
      .array(attemptOfJob)
      .describe(`The last ${MAX_ATTEMPTS} attempts that have ended. They stay as they are.`),
    nextAttemptAt: z.string().nullable().describe('The earliest moment of the next attempt, if it is known.'),
    waiting,
    callbacks: z
      .array(callback)
      .describe('Its callbacks that Redis still knows, one for each end that was reported.'),
  })
  .register(API_SCHEMAS, { id: 'DetailedJob', description: 'A job, its attempts, and why it waits.' });

export const outcome = z.object({ id: z.string(), outcome: z.string() });

/** Which jobs, in the query of a list and in the body of an act on many. */
export const filterFields = {
  tenant: z.string().max(100).optional().describe('The tenant; that of the key by default, if it has one.'),
  conversation: z
    .string()
    .max(300)
    .optional()
    .describe('Only jobs of this conversation, or of another subject whose jobs keep their order.'),
  kind: z.enum(JOB_KINDS.filter((kind) => kind !== 'webhook-delivery')).optional(),
  state: z.enum(JOB_STATES).optional(),
  code: z
    .enum(ERROR_CODES)
    .optional()
    .describe('Only jobs whose last failure has this code. A delivered job has none.'),
  from: timestamp.optional().describe('Accepted at this time or later.'),
  to: timestamp.optional().describe('Accepted at this time or before.'),
};

export const listQuery = z.strictObject({
  ...filterFields,
  order: z.enum(['newest', 'oldest']).default('newest'),
  limit: z
    .string()
    .regex(/^[1-9]\d{0,3}$/, `expected a number from 1 to ${MAX_PAGE}`)
    .refine((text) => Number(text) <= MAX_PAGE, `expected a number from 1 to ${MAX_PAGE}`)
    .optional()
    .describe('Jobs that the page looks at; 100 by default.'),
  cursor: z.string().max(1000).optional().describe('Of the page before.'),
});

export const jobPage = z.object({
  jobs: z.array(job),
  cursor: z.string().nullable().describe('For the next page; null when there is none.'),
  next: z.string().nullable().describe('The address of the next page.'),
});

export const cancelBody = z.strictObject({
  ...filterFields,
  dryRun: z.boolean().default(false).describe('Counts the jobs, and changes nothing.'),
});

export const retryBody = z.strictObject({
  ...cancelBody.shape,
  state: z
    .enum(['failed'], { error: () => 'expected failed, or no state: only dead letters are sent again' })
    .optional()
    .describe('Only dead letters are sent again, also without it.'),
});
