import { z } from 'zod';
import { requireJob } from '../find-job.ts';
import { eventIdOf, jobStream } from '../job-stream.ts';
import { EVENT_STREAM_HEADERS } from '../polled-stream.ts';
import { detailedAnswer, jobIdParams } from './job-answers.ts';
import { defineRoute, type Route } from './route.ts';

/** A job that an operator sends again has one more attempt at its next end. */
function endOf({ state, attempts }: ReturnType<typeof detailedAnswer>): object | undefined {
  return state === 'completed' || state === 'failed' ? { state, attempts } : undefined;
}

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
      204: { description: 'The job has ended, and `Last-Event-ID` is its end: there are no more events.' },
    },
    problems: ['RESOURCE_UNKNOWN', 'TOO_MANY_STREAMS'],
    isStreamed: true,
    async handler(door, call) {
      const first = await requireJob(door, call, call.params.id);
      const { signal } = call;
      const lastEventId = call.headers['last-event-id'];
      const shown = detailedAnswer(first, call);
      const hasAll = endOf(shown) !== undefined && eventIdOf(shown, { endOf }) === lastEventId;
      // A browser that is answered so does not ask again.
      if (hasAll) return { status: 204 };
      door.streams.enter(call);
      const events = jobStream({
        read: async () => {
          const view = await door.core.jobs.find(first.jobId);
          return view && detailedAnswer(view, call);
        },
        mayGoOn: call.mayGoOn,
        endOf,
        lastEventId: typeof lastEventId === 'string' ? lastEventId : undefined,
        signal,
      });
      return { status: 200, headers: EVENT_STREAM_HEADERS, body: events };
    },
  }),
];
