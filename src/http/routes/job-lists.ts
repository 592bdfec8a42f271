import { jobAnswer, sampleJob } from './job-answers.ts';
import { filterOf, nextOf, pageOf, wrongParameter } from './job-queries.ts';
import { jobPage, listQuery } from './job-schemas.ts';
import { defineRoute, type Route } from './route.ts';

export const jobListRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    url: '/v1/jobs',
    operationId: 'listJobs',
    tag: 'Jobs',
    scope: 'read',
    summary: 'List jobs of a tenant, page by page',
    description: `The server reads an index, and never a whole queue. A page may have fewer jobs than \`limit\`, and even
none: follow \`cursor\` until it is null.`,
    query: listQuery,
    responses: {
      200: {
        description: 'A page of jobs.',
        schema: jobPage,
        example: {
          jobs: [sampleJob],
          cursor: 'MTc2NzIyNTYwMCBtLWs',
          next: '/v1/jobs?cursor=MTc2NzIyNTYwMCBtLWs',
        },
      },
    },
    problems: ['RESOURCE_UNKNOWN'],
    async handler(door, call) {
      const { order, limit, cursor, ...fields } = call.query;
      const filter = filterOf(fields, call, wrongParameter);
      const found = await pageOf(() =>
        door.core.jobs.page({
          ...filter,
          order,
          cursor,
          limit: limit === undefined ? undefined : Number(limit),
        }),
      );
      const next = nextOf('/v1/jobs', call.query, found.cursor, call);
      const jobs = found.jobs.map((view) => jobAnswer(view, call));
      return { status: 200, body: { jobs, cursor: found.cursor, next } };
    },
  }),
];
