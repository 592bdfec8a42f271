import { z } from 'zod';
import { JOB_KINDS } from '../../jobs/catalog.ts';
import type { DetailedJobView, JobView } from '../../queues/jobs.ts';
import { linksOf } from '../accept-job.ts';
import type { Door } from '../door.ts';
import { API_SCHEMAS } from '../openapi-schemas.ts';
import { links } from './answers.ts';
import type { Call } from './route.ts';
import * as samples from './samples.ts';

export const waiting = z
  .object({
    reason: z.string().describe('One word for programs, such as `order`, `rate`, `paused` or `none`.'),
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
    state: z.string(),
    tenantId: z.string().nullable(),
    lane: z.string().nullable().describe('The conversation or other subject whose jobs keep their order.'),
    acceptedAt: z.string().nullable(),
    attemptsMade: z.int(),
    steps: z.object({ pending: z.int(), done: z.int(), failed: z.int() }).nullable(),
    result: z.unknown().describe('Of a delivered job. Content that its caller wrote is masked.'),
    failedReason: z.string().nullable().describe('Code and reason of a dead letter.'),
    links,
  })
  .register(API_SCHEMAS, { id: 'Job' });

export const detailedJob = z
  .object({
    ...job.shape,
    attempts: z
      .array(z.object({ number: z.int(), startedAt: z.string().nullable(), code: z.string().nullable() }))
      .describe('The failed attempts that Redis still knows: the first, and the last three.'),
    nextAttemptAt: z.string().nullable(),
    waiting,
  })
  .register(API_SCHEMAS, { id: 'DetailedJob', description: 'A job, its attempts, and why it waits.' });

export const jobIdParams = z.object({
  id: z.string().max(300).describe('The id of the answer to the request that sent the job.'),
});

type Linking = Pick<Call<unknown, unknown, unknown>, 'link'>;

export function jobAnswer({ jobId, ...view }: JobView, call: Linking): z.output<typeof job> {
  return { id: jobId, ...view, links: linksOf(jobId, call) };
}

/**
 * The job with its attempts, and why it waits.
 * @returns undefined when the job is gone meanwhile.
 */
export async function detailedAnswer(
  { core }: Pick<Door, 'core'>,
  view: DetailedJobView,
  call: Linking,
): Promise<z.output<typeof detailedJob> | undefined> {
  const explained = await core.jobs.why(view.jobId);
  if (!explained) return undefined;
  const { jobId: _jobId, kind: _kind, tenantId: _tenantId, ...waiting } = explained;
  const { attempts, nextAttemptAt, ...rest } = view;
  return { ...jobAnswer(rest, call), attempts: [...attempts], nextAttemptAt, waiting };
}

export const sampleJob = {
  id: samples.acceptedJob.id,
  kind: 'message-transmission',
  name: 'message-transmission',
  state: 'delayed',
  tenantId: 'acme',
  lane: 'conv-def-456',
  acceptedAt: '2026-03-01T09:30:00.000Z',
  attemptsMade: 0,
  steps: null,
  result: null,
  failedReason: null,
  links: samples.jobLinks,
};

export const sampleDetailedJob = {
  ...sampleJob,
  attempts: [],
  nextAttemptAt: null,
  waiting: {
    reason: 'order',
    sentence: 'It is number 8, and waits for number 7 of its conversation (job j5f0…) to end.',
    until: null,
    behind: { sequence: 7, jobId: 'j5f0c2d9e8b7a4f6c9d8e7b6a5f4c3d2e' },
  },
};
