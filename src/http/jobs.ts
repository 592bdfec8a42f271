import type { FastifyInstance } from 'fastify';
import { isJobKind, JOB_KINDS } from '../jobs/catalog.ts';
import type { Jobs } from '../queues/jobs.ts';
import type { BoardAccess } from './access.ts';

/** Serves the state of a job to programs: its state, its steps and its result. */
export async function registerJobs(app: FastifyInstance, jobs: Jobs, access: BoardAccess): Promise<void> {
  await app.register(async (scope) => {
    scope.addHook('onRequest', access);
    scope.get<{ Params: { queue: string; jobId: string } }>(
      '/v1/jobs/:queue/:jobId',
      async (request, reply) => {
        const { queue, jobId } = request.params;
        if (!isJobKind(queue)) {
          return reply
            .code(404)
            .send({ error: `there is no such queue; the queues are ${JOB_KINDS.join(', ')}` });
        }
        const job = await jobs.get(queue, jobId);
        return job ?? reply.code(404).send({ error: `${queue} has no such job` });
      },
    );
  });
}
