import { z } from 'zod';
import { OperatorError } from '../../core/errors.ts';
import { type JobPage, MAX_PAGE } from '../../queues/job-list.ts';
import { ProblemError } from '../problem.ts';
import { job, jobAnswer, sampleJob } from './job-answers.ts';
import { filterFields, filterOf } from './job-filter.ts';
import { defineRoute, type Route } from './route.ts';

const query = z.strictObject({
  ...filterFields,
  order: z.enum(['newest', 'oldest']).default('newest'),
  limit: z
    .string()
    .regex(/^[1-9]\d{0,3}$/, `expected a number from 1 to ${MAX_PAGE}`)
    .refine((text) => Number(text) <= MAX_PAGE, `expected a number from 1 to ${MAX_PAGE}`)
    .optional()
    .describe('Jobs that the page looks at; 100 by default.'),
  cursor: z.string().max(1000).optional().describe('Of the page before.'),
});

const page = z.object({
  jobs: z.array(job),
  cursor: z.string().nullable().describe('For the next page; null when there is none.'),
  next: z.string().nullable().describe('The address of the next page.'),
});

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
    query,
    responses: {
      200: {
        description: 'A page of jobs.',
        schema: page,
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
