import { z } from 'zod';
import type { DetailedJobView, JobView } from '../../queues/jobs.ts';
import { linksOf } from '../accept-job.ts';
import type { detailedJob, job } from './job-schemas.ts';
import type { Call } from './route.ts';
import * as samples from './samples.ts';

export const jobIdParams = z.object({
  id: z.string().max(300).describe('The id of the answer to the request that sent the job.'),
});

type Linking = Pick<Call<unknown, unknown, unknown>, 'link'>;

export function jobAnswer({ jobId, ...view }: JobView, call: Linking): z.output<typeof job> {
  return { id: jobId, ...view, links: linksOf(jobId, call) };
}

/** The job with its attempts, and why it waits. */
export function detailedAnswer(
  { attempts, nextAttemptAt, waiting, ...view }: DetailedJobView,
  call: Linking,
): z.output<typeof detailedJob> {
  return { ...jobAnswer(view, call), attempts: [...attempts], nextAttemptAt, waiting };
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
  traceparent: null,
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
