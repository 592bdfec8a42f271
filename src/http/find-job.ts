import type { DetailedJobView, JobView } from '../queues/jobs.ts';
import type { Door } from './door.ts';
import { ProblemError } from './problem.ts';
import type { Call } from './routes/route.ts';

/**
 * A job of a tenant of the key. A job of another tenant is looked up as well, so that the answer takes
 * as long as that for an unknown id.
 * @throws {ProblemError} RESOURCE_UNKNOWN
 */
export async function requireJob(
  { core }: Pick<Door, 'core'>,
  { key }: Pick<Call<unknown, unknown, unknown>, 'key'>,
  jobId: string,
): Promise<DetailedJobView> {
  const job = await core.jobs.find(jobId);
  if (!job || !isOfKey(job, key.tenants)) throw new ProblemError('RESOURCE_UNKNOWN');
  return job;
}

/** A damaged job has no tenant. Only a key for all tenants sees it. */
function isOfKey({ tenantId }: JobView, tenants: readonly string[] | 'all'): boolean {
  return tenants === 'all' || (tenantId !== null && tenants.includes(tenantId));
}
