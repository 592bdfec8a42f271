import { jobAnswer, sampleJob } from './job-answers.ts';
import { nextOf, pageOf, tenantOf, wrongParameter } from './job-queries.ts';
import { defineRoute, type Route } from './route.ts';
import { searchPage, searchQuery } from './search-schemas.ts';

export const searchRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    url: '/v1/search',
    operationId: 'searchJobs',
    tag: 'Jobs',
    scope: 'read',
    summary: 'Find jobs by conversation, guest, id, key, trace or correlation id',
    description: `The first page looks up ids, idempotency keys and conversations. Each page compares guest, trace and
correlation id of a bounded number of jobs, newest first: follow \`cursor\` until it is null.`,
    query: searchQuery,
    responses: {
      200: {
        description: 'The jobs that were found.',
        schema: searchPage,
        example: {
          found: [{ by: 'conversation', job: sampleJob }],
          forgotten: [],
          seen: 1,
          isPartial: false,
          cursor: null,
          next: null,
        },
      },
    },
    problems: ['RESOURCE_UNKNOWN'],
    async handler(door, call) {
      const { tenant, q: text, cursor } = call.query;
      const tenantId = tenantOf(tenant, call, wrongParameter);
      const page = await pageOf(() => door.core.jobs.search({ tenantId, text, cursor }));
      const body = {
        found: page.found.map(({ by, job }) => ({ by, job: jobAnswer(job, call) })),
        forgotten: page.forgotten.map(({ jobId, ...job }) => ({ id: jobId, ...job })),
        seen: page.seen,
        isPartial: page.cursor !== null,
        cursor: page.cursor,
        next: nextOf('/v1/search', call.query, page.cursor, call),
      };
      return { status: 200, body };
    },
  }),
];
