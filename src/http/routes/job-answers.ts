import { z } from 'zod';
import { JOB_KINDS } from '../../jobs/catalog.ts';
import type { JobView } from '../../queues/jobs.ts';
import { linksOf } from '../accept-job.ts';
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
    waiting: waiting.nullable(),
    links,
  })
  .register(API_SCHEMAS, { id: 'Job' });

export const jobIdParams = z.object({
  id: z.string().max(300).describe('The id of the answer to the request that sent the job.'),
});

export type WaitingAnswer = z.output<typeof waiting>;

export function jobAnswer(
  { jobId, ...view }: JobView,
  waiting: WaitingAnswer | null,
  call: Pick<Call<unknown, unknown, unknown>, 'link'>,
): z.output<typeof job> {
  return { id: jobId, ...view, waiting, links: linksOf(jobId, call) };
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
  waiting: {
    reason: 'order',
    sentence: 'It is number 8, and waits for number 7 of its conversation (job j5f0…) to end.',
    until: null,
    behind: { sequence: 7, jobId: 'j5f0c2d9e8b7a4f6c9d8e7b6a5f4c3d2e' },
  },
  links: samples.jobLinks,
};
