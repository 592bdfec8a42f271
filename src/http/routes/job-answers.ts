import { z } from 'zod';
import type { CallbackView } from '../../queues/job-callbacks.ts';
import type { DetailedJobView, JobView } from '../../queues/jobs.ts';
import { linksOf } from '../accept-job.ts';
import type { callback as callbackSchema, detailedJob, job } from './job-schemas.ts';
import type { Call } from './route.ts';
import * as samples from './samples.ts';

export const jobIdParams = z.object({
  id: z.string().max(300).describe('The id of the answer to the request that sent the job.'),
});

type Linking = Pick<Call<unknown, unknown, unknown>, 'link'>;

export function jobAnswer({ jobId, ...view }: JobView, call: Linking): z.output<typeof job> {
  const { cancel, ...others } = linksOf(jobId, call);
  // Flow control cancels jobs, and knows neither callbacks nor jobs whose data cannot be read.
  const isCancellable = view.kind !== 'webhook-delivery' && view.tenantId !== null;
  return { id: jobId, ...view, links: isCancellable ? { ...others, cancel } : others };
}

/** The job with its attempts, and why it waits. */
export function detailedAnswer(
  { attempts, nextAttemptAt, waiting, callbacks, ...view }: DetailedJobView,
  call: Linking,
): z.output<typeof detailedJob> {
  const answered = callbacks.map((callback) => callbackAnswer(callback, call));
  return {
    ...jobAnswer(view, call),
    attempts: [...attempts],
    nextAttemptAt,
    waiting,
    callbacks: answered,
  };
}

function callbackAnswer(callback: CallbackView, { link }: Linking): z.output<typeof callbackSchema> {
  const { id, endpointId } = callback;
  const address = `/v1/webhooks/callbacks/${encodeURIComponent(id)}`;
  const endpoint = endpointId === null ? {} : { endpoint: link(`/v1/webhooks/endpoints/${endpointId}`) };
  const links = {
    self: link(`/v1/jobs/${encodeURIComponent(id)}`),
    attempts: link(`${address}/attempts`),
    replay: link(`${address}/replay`),
    ...endpoint,
  };
  return { ...callback, links };
}

export const sampleJob = {
  id: samples.acceptedJob.id,
  kind: 'message-transmission',
  name: 'message-transmission',
  state: 'delayed',
  tenantId: 'acme',
  lane: 'conv-def-456',
  acceptedAt: '2026-03-01T09:30:00.000Z',
  sendAt: null,
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
  callbacks: [
    {
      id: `wh-${samples.acceptedJob.id}-failed`,
      ending: 'failed',
      state: 'dead-letter',
      attempts: 9,
      lastAttemptAt: '2026-03-01T09:30:00.000Z',
      deliveredAt: null,
      failedReason: 'WEBHOOK_REFUSED: the receiver answered 500',
      endpointId: 'ep-2b7e151628aed2a6abf7',
      links: {
        self: `/v1/jobs/wh-${samples.acceptedJob.id}-failed`,
        attempts: `/v1/webhooks/callbacks/wh-${samples.acceptedJob.id}-failed/attempts`,
        replay: `/v1/webhooks/callbacks/wh-${samples.acceptedJob.id}-failed/replay`,
        endpoint: '/v1/webhooks/endpoints/ep-2b7e151628aed2a6abf7',
      },
    },
  ],
};
