import { z } from 'zod';
import { requireJob } from '../find-job.ts';
import { jobStream } from '../job-stream.ts';
import { ProblemError } from '../problem.ts';
import { detailedAnswer, jobIdParams } from './job-answers.ts';
import { defineRoute, type Route } from './route.ts';

/** Streams of one process. Each asks Redis twice a second. */
const MAX_STREAMS = 1000;

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
      if (door.streams.open >= MAX_STREAMS) {
        throw new ProblemError('TOO_MANY_STREAMS', { retryAfterSeconds: 10 });
      }
      const lastEventId = call.headers['last-event-id'];
      const events = jobStream({
        read: async () => {
          const view = await door.core.jobs.find(first.jobId);
          return view && detailedAnswer(view, call);
        },
        hasEnded: ({ state }) => state === 'completed' || state === 'failed',
        lastEventId: typeof lastEventId === 'string' ? lastEventId : undefined,
        signal: call.signal,
      });
      return { status: 200, headers: HEADERS, body: counted(events, door.streams) };
    },
  }),
];

async function* counted(events: AsyncIterable<string>, streams: { open: number }): AsyncGenerator<string> {
  streams.open++;
  try {
    yield* events;
  } finally {
    streams.open--;
  }
}
