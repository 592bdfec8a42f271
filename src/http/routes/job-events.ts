import { z } from 'zod';
import { requireJob } from '../find-job.ts';
import { jobStream } from '../job-stream.ts';
import { detailedAnswer, jobIdParams } from './job-answers.ts';
import { defineRoute, type Route } from './route.ts';

const HEADERS = {
  'content-type': 'text/event-stream',
  // nginx would hold events back until its buffer is full.
  'x-accel-buffering': 'no',
};

export const jobEventRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    url: '/v1/jobs/:id/events',
    operationId: 'followJob',
    tag: 'Jobs',
    scope: 'read',
    summary: 'Follow a job until it ends',
    description:
      'Server-sent events: `state` with the job whenever it changes, `ended` with its last state, `gone` when Redis no longer has it.',
    params: jobIdParams,
    requestHeaders: { 'Last-Event-ID': 'The last event that the caller has.' },
    responses: {
      200: { description: 'The events.', schema: z.string(), contentType: 'text/event-stream' },
    },
    problems: ['RESOURCE_UNKNOWN', 'TOO_MANY_STREAMS'],
    isStreamed: true,
    async handler(door, call) {
      const first = await requireJob(door, call, call.params.id);
      const { signal } = call;
      door.streams.enter(signal);
      const lastEventId = call.headers['last-event-id'];
      const events = jobStream({
        read: async () => {
          const view = await door.core.jobs.find(first.jobId);
          return view && detailedAnswer(view, call);
        },
        hasEnded: ({ state }) => state === 'completed' || state === 'failed',
        lastEventId: typeof lastEventId === 'string' ? lastEventId : undefined,
        signal,
      });
      return { status: 200, headers: HEADERS, body: events };
    },
  }),
];
