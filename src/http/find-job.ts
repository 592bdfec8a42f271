import { JOB_KINDS } from '../jobs/catalog.ts';
import type { JobView } from '../queues/jobs.ts';
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
): Promise<JobView> {
  const views = await Promise.all(JOB_KINDS.map((kind) => core.jobs.get(kind, jobId)));
  const job = views.find((view) => view !== undefined);
  if (!job || !isOfKey(job, key.tenants)) throw new ProblemError('RESOURCE_UNKNOWN');
  return job;
}

/** A damaged job has no tenant. Only a key for all tenants sees it. */
function isOfKey({ tenantId }: JobView, tenants: readonly string[] | 'all'): boolean {
  return tenants === 'all' || (tenantId !== null && tenants.includes(tenantId));
}
