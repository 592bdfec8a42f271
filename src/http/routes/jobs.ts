import type { Door } from '../door.ts';
import { requireJob } from '../find-job.ts';
import { operationsOf } from '../operations-of.ts';
import { ProblemError } from '../problem.ts';
import { detailedAnswer, jobIdParams, sampleDetailedJob, sampleJob } from './job-answers.ts';
import { detailedJob, outcome } from './job-schemas.ts';
import { type Call, defineRoute, type Route } from './route.ts';

const WHY_NOT: Readonly<Record<string, string>> = {
  running: 'A worker runs the job: its request cannot be taken back.',
  ended: 'The job has ended.',
  delivered: 'The job was delivered, and workers never send a job twice.',
  'not-failed': 'The job is no dead letter.',
};

export const jobRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    url: '/v1/jobs/:id',
    operationId: 'getJob',
    tag: 'Jobs',
    scope: 'read',
    summary: 'Show a job, and why it waits',
    params: jobIdParams,
    responses: { 200: { description: 'The job.', schema: detailedJob, example: sampleDetailedJob } },
    problems: ['RESOURCE_UNKNOWN'],
    async handler(door, call) {
      const view = await requireJob(door, call, call.params.id);
      return { status: 200, body: detailedAnswer(view, call) };
    },
  }),
  defineRoute({
    method: 'DELETE',
    url: '/v1/jobs/:id',
    operationId: 'cancelJob',
    tag: 'Jobs',
    scope: 'operate',
    summary: 'Cancel a job that waits',
    description: 'No worker sends the job, and the next job of its conversation goes on.',
    params: jobIdParams,
    responses: {
      200: {
        description: 'The job is cancelled.',
        schema: outcome,
        example: { id: sampleJob.id, outcome: 'cancelled' },
      },
    },
    problems: ['RESOURCE_UNKNOWN', 'JOB_NOT_CANCELLABLE'],
    handler: async (door, call) => {
      const id = await act(door, call, 'cancelled');
      return { status: 200, body: { id, outcome: 'cancelled' } };
    },
  }),
  defineRoute({
    method: 'POST',
    url: '/v1/jobs/:id/retry',
    operationId: 'retryJob',
    tag: 'Jobs',
    scope: 'operate',
    summary: 'Send a dead letter again',
    description: 'The job has all its attempts again. A job that was delivered is never sent again.',
    params: jobIdParams,
    responses: {
      202: {
        description: 'The job waits for its turn.',
        schema: outcome,
        example: { id: sampleJob.id, outcome: 'retried' },
      },
    },
    problems: ['RESOURCE_UNKNOWN', 'JOB_NOT_RETRYABLE'],
    handler: async (door, call) => {
      const id = await act(door, call, 'retried');
      return { status: 202, body: { id, outcome: 'retried' } };
    },
  }),
];

/** @throws {ProblemError} when there is no such job, or it is not in the state for it. */
async function act(
  door: Door,
  call: Call<{ id: string }, unknown, unknown>,
  wanted: 'cancelled' | 'retried',
): Promise<string> {
  const jobId = call.params.id;
  const { cancelJob, retryJob } = operationsOf(door, call);
  const came = await (wanted === 'cancelled' ? cancelJob({ jobId }) : retryJob({ jobId }));
  if (came === 'unknown') throw new ProblemError('RESOURCE_UNKNOWN');
  if (came === wanted) return jobId;
  const code = wanted === 'cancelled' ? 'JOB_NOT_CANCELLABLE' : 'JOB_NOT_RETRYABLE';
  throw new ProblemError(code, { detail: WHY_NOT[came], extensions: { reason: came } });
}
