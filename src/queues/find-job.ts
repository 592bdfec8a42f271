import type { Job } from 'bullmq';
import { JOB_KINDS, type JobKind } from '../jobs/catalog.ts';
import type { RedisClient } from '../redis/connect.ts';
import { isJobId } from './job-id.ts';
import type { Queues } from './queues.ts';

/** A job with the queue that it was found in. */
export interface FoundJob {
  readonly kind: JobKind;
  readonly job: Job;
}

/** Finds jobs by their id. */
export interface FindJob {
  of(kind: JobKind, jobId: string): Promise<Job | undefined>;
  /**
   * In any queue. It asks once per kind and partition, in one round trip, and reads one job in another
   * one, also for an unknown id: the time does not show whether the id is known.
   */
  anywhere(jobId: string): Promise<FoundJob | undefined>;
}

export function createFindJob(client: RedisClient, queues: Queues): FindJob {
  return {
    async of(kind, jobId) {
      const possible = queues.all().filter((queue) => queue.name === kind && isJobId(jobId, queue.keys));
      const found = await Promise.all(possible.map((queue) => queue.getJob(jobId)));
      return found.find((job) => job !== undefined);
    },

    async anywhere(jobId) {
      const possible = queues.all().filter((queue) => isJobId(jobId, queue.keys));
      const pipeline = client.pipeline();
      for (const queue of possible) pipeline.exists(queue.toKey(jobId));
      const replies = (await pipeline.exec()) ?? [];
      for (const [error] of replies) if (error) throw error;
      const queue = possible.find((_, index) => replies[index]?.[1] === 1) ?? possible[0];
      const job = await queue?.getJob(jobId);
      const kind = JOB_KINDS.find((name) => name === queue?.name);
      return job && kind && { kind, job };
    },
  };
}
