import { maySee } from '../find-job.ts';
import { ProblemError } from '../problem.ts';
import { jobIdParams, sampleDetailedJob, sampleJob } from './job-answers.ts';
import { defineRoute, type Route } from './route.ts';
import { timeline } from './timeline-schemas.ts';

export const timelineRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    url: '/v1/jobs/:id/timeline',
    operationId: 'getTimeline',
    tag: 'Jobs',
    scope: 'read',
    summary: 'Show the life of a job, and why it waits',
    description: 'Codes, statuses and times, and never a text. It disappears with the job.',
    params: jobIdParams,
    responses: {
      200: {
        description: 'What happened to the job.',
        schema: timeline,
        example: {
          id: sampleJob.id,
          kind: sampleJob.kind,
          tenantId: 'acme',
          events: [
            { at: '2026-03-01T09:30:00.000Z', event: 'accepted', sentence: 'Redis took the job.' },
            {
              at: '2026-03-01T09:30:02.250Z',
              event: 'attempt-failed',
              sentence: 'Attempt 1 failed: the answer was 503 (GENESYS_UNAVAILABLE).',
              number: 1,
              code: 'GENESYS_UNAVAILABLE',
              status: 503,
            },
          ],
          waiting: sampleDetailedJob.waiting,
        },
      },
    },
    problems: ['RESOURCE_UNKNOWN'],
    async handler(door, call) {
      const { id } = call.params;
      const found = await door.core.jobs.timeline(id, maySee(call));
      if (!found) throw new ProblemError('RESOURCE_UNKNOWN');
      return { status: 200, body: { id, ...found, events: [...found.events] } };
    },
  }),
];
