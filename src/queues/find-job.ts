import type { Job } from 'bullmq';
import { JOB_KINDS, type JobKind } from '../jobs/catalog.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import { loadScript } from '../redis/script.ts';
import { isJobId } from './job-id.ts';
import { tenantIdOf } from './job-view.ts';
import { partitionIn, type Queues } from './queues.ts';

/** A job with the queue that it was found in. */
export interface FoundJob {
  readonly kind: JobKind;
  readonly job: Job;
}

/** A damaged job has no tenant. */
export interface JobPlace {
  readonly kind: JobKind;
  readonly tenantId: string | null;
}

export type MaySee = (tenantId: string | null) => boolean;

/** Finds jobs by their id. */
export interface FindJob {
  of(kind: JobKind, jobId: string): Promise<Job | undefined>;
  /**
   * In any queue. It asks each partition for the tenant, in one round trip, and reads the job only for a
   * caller that may see it. So the time does not show whether another tenant has the id.
   */
  anywhere(jobId: string, maySee?: MaySee): Promise<FoundJob | undefined>;
  /** Where a job is, and whose it is. */
  placeOf(jobId: string): Promise<JobPlace | undefined>;
}

export interface FindJobParts {
  readonly client: RedisClient;
  readonly keys: Keys;
  readonly queues: Queues;
}

export function createFindJob({ client, keys, queues }: FindJobParts): FindJob {
  const script = loadScript(client, new URL('./locate.lua', import.meta.url), []);

  const inPartition = async (jobId: string, partition: number) => {
    const kinds = JOB_KINDS.filter((kind) => isJobId(jobId, queues.at(kind, partition).keys));
    const prefix = keys.ownOf(partition);
    const [place, tenant] = (await script.run(prefix, [prefix, jobId, ...kinds])) as [number, string];
    const kind = kinds[place - 1];
    return kind === undefined ? [] : [{ kind, partition, tenant: tenant.trimEnd() }];
  };

  const locate = async (jobId: string) => {
    const all = (
      await Promise.all(keys.partitions().map((partition) => inPartition(jobId, partition)))
    ).flat();
    const found = queues.original(all[0]?.tenant ?? null, all, ({ partition }) => partition);
    if (!found) return undefined;
    const { kind, partition, tenant } = found;
    const read = () => queues.at(kind, partition).getJob(jobId);
    if (tenant !== '') return { kind, tenantId: tenant, read };
    // Another program may have written the data in another form.
    const job = await read();
    return job && { kind, tenantId: tenantIdOf(job), read: () => Promise.resolve(job) };
  };

  return {
    async of(kind, jobId) {
      const possible = queues.all().filter((queue) => queue.name === kind && isJobId(jobId, queue.keys));
      const read = await Promise.all(possible.map((queue) => queue.getJob(jobId)));
      const found = read.filter((job) => job !== undefined);
      const tenantId = found[0] ? tenantIdOf(found[0]) : null;
      return queues.original(tenantId, found, (job) => partitionIn(job.queueQualifiedName));
    },

    async placeOf(jobId) {
      const found = await locate(jobId);
      return found && { kind: found.kind, tenantId: found.tenantId };
    },

    async anywhere(jobId, maySee = () => true) {
      const found = await locate(jobId);
      if (!found || !maySee(found.tenantId)) return undefined;
      const job = await found.read();
      return job && { kind: found.kind, job };
    },
  };
}
