import type { MaySee } from '../queues/find-job.ts';
import type { DetailedJobView } from '../queues/jobs.ts';
import type { Door } from './door.ts';
import { ProblemError } from './problem.ts';
import type { Call } from './routes/route.ts';

/** Whether a job of a tenant exists for the key of a call. A damaged job has no tenant. */
export function maySee({ key: { tenants } }: Pick<Call<unknown, unknown, unknown>, 'key'>): MaySee {
  return (tenantId) => tenants === 'all' || (tenantId !== null && tenants.includes(tenantId));
}

/**
 * A job of a tenant of the key. A job of another tenant costs the same commands of Redis as an unknown
 * id, so that the time of the answer does not show that it exists. A damaged job has no tenant. Only a
 * key for all tenants sees it.
 * @throws {ProblemError} RESOURCE_UNKNOWN
 */
export async function requireJob(
  { core }: Pick<Door, 'core'>,
  { key }: Pick<Call<unknown, unknown, unknown>, 'key'>,
  jobId: string,
): Promise<DetailedJobView> {
  const job = await core.jobs.find(jobId, maySee({ key }));
  if (!job) throw new ProblemError('RESOURCE_UNKNOWN');
  return job;
}
