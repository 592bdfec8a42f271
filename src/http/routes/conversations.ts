import { ProblemError } from '../problem.ts';
import { conversationPage, conversationParams, conversationQuery } from './conversation-schemas.ts';
import { jobAnswer, sampleDetailedJob, sampleJob } from './job-answers.ts';
import { nextOf, pageOf, tenantOf, wrongParameter } from './job-queries.ts';
import { defineRoute, type Route } from './route.ts';

export const conversationRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    url: '/v1/conversations/:id',
    operationId: 'getConversation',
    tag: 'Jobs',
    scope: 'read',
    summary: 'Show the jobs of a conversation in their order, and why each waits',
    params: conversationParams,
    query: conversationQuery,
    responses: {
      200: {
        description: 'A page of the conversation.',
        schema: conversationPage,
        example: {
          id: 'conv-def-456',
          tenantId: 'acme',
          jobs: [{ sequence: 8, ...sampleJob, waiting: sampleDetailedJob.waiting }],
          jobsWaiting: 2,
          cursor: null,
          next: null,
        },
      },
    },
    problems: ['RESOURCE_UNKNOWN'],
    async handler(door, call) {
      const { id } = call.params;
      const { tenant, order, limit, cursor } = call.query;
      const tenantId = tenantOf(tenant, call, wrongParameter);
      const request = {
        tenantId,
        lane: id,
        order,
        cursor,
        limit: limit === undefined ? undefined : Number(limit),
      };
      const page = await pageOf(() => door.core.jobs.conversation(request));
      const isKnown =
        page.jobs.length > 0 || page.jobsWaiting > 0 || cursor !== undefined || page.cursor !== null;
      if (!isKnown) throw new ProblemError('RESOURCE_UNKNOWN');
      const jobs = page.jobs.map(({ sequence, waiting, ...view }) => ({
        sequence,
        ...jobAnswer(view, call),
        waiting,
      }));
      const next = nextOf(`/v1/conversations/${encodeURIComponent(id)}`, call.query, page.cursor, call);
      return {
        status: 200,
        body: { id, tenantId, jobs, jobsWaiting: page.jobsWaiting, cursor: page.cursor, next },
      };
    },
  }),
];
