import { OperatorError } from '../../core/errors.ts';
import type { JobPage } from '../../queues/job-list.ts';
import { ProblemError } from '../problem.ts';
import { jobAnswer, sampleJob } from './job-answers.ts';
import { filterOf } from './job-filter.ts';
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
      const next = found.cursor === null ? null : call.link(`/v1/jobs?${queryOf(call.query, found.cursor)}`);
      const jobs = found.jobs.map((view) => jobAnswer(view, call));
      return { status: 200, body: { jobs, cursor: found.cursor, next } };
    },
  }),
];

function wrongParameter(path: string, message: string): ProblemError {
  return new ProblemError('PARAMETERS_INVALID', { parameters: [{ path, message }] });
}

/** @throws {ProblemError} for a cursor that no page gave. */
async function pageOf(read: () => Promise<JobPage>): Promise<JobPage> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof OperatorError) || error.failure !== 'usage') throw error;
    throw wrongParameter('cursor', 'expected the cursor of a page');
  }
}

function queryOf(query: object, cursor: string): string {
  return new URLSearchParams({ ...query, cursor } as Record<string, string>).toString();
}
