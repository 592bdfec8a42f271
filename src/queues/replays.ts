import type { Job } from 'bullmq';
import { type DisabledFor, endpointIdOf } from '../webhooks/endpoints.ts';
import type { WebhookRecords } from '../webhooks/records.ts';
import { type DeliveryFacts, deliveryOf } from './callback-job.ts';
import { isJobId } from './job-id.ts';
import type { Queues } from './queues.ts';

/**
 * Sends callbacks again for an operator, with the same `webhook-id`, by which receivers recognize
 * them.
 */
export interface Replays {
  /** What a callback is about; undefined when there is no such callback. */
  about(jobId: string): Promise<DeliveryFacts | undefined>;
  /**
   * Sends a callback again, delivered or not, with all its attempts. A callback that waits for its
   * next attempt goes now.
   */
  replay(jobId: string): Promise<ReplayOutcome>;
  /**
   * Sends again all callbacks to an endpoint that were enqueued at `sinceMs` or later and not
   * delivered.
   * @returns their number.
   */
  replaySince(tenantId: string, endpointId: string, sinceMs: number): Promise<number>;
}

export type ReplayOutcome =
  | { readonly status: 'replayed' | 'under-way' | 'unknown' }
  | { readonly status: 'disabled'; readonly endpointId: string; readonly reason: DisabledFor };

export interface ReplaysOptions {
  readonly queues: Queues;
  readonly records: WebhookRecords;
}

const KIND = 'webhook-delivery';
const PAGE = 500;

export function createReplays({ queues, records }: ReplaysOptions): Replays {
  const find = async (jobId: string): Promise<Job | undefined> => {
    const all = queues.all().filter((queue) => queue.name === KIND && isJobId(jobId, queue.keys));
    const found = await Promise.all(all.map((queue) => queue.getJob(jobId)));
    return found.find((job) => job !== undefined);
  };

  const sendAgain = async (job: Job, tenantId: string): Promise<'replayed' | 'under-way'> => {
    const state = await job.getState();
    if (state === 'delayed') {
      await job.promote();
      return 'replayed';
    }
    if (state !== 'completed' && state !== 'failed') return 'under-way';
    await queues.forgetPast(job);
    await records.noteReplay(tenantId, job.id ?? '');
    await job.retry(state, { resetAttemptsMade: true });
    return 'replayed';
  };

  const notDelivered = async (tenantId: string, isWanted: (job: Job) => boolean): Promise<Job[]> => {
    const queue = queues.of(KIND, tenantId);
    const wanted: Job[] = [];
    for (let start = 0; ; start += PAGE) {
      const page = await queue.getFailed(start, start + PAGE - 1);
      wanted.push(...page.filter(isWanted));
      if (page.length < PAGE) return wanted;
    }
  };

  return {
    async about(jobId) {
      return deliveryOf(await find(jobId));
    },

    async replay(jobId) {
      const job = await find(jobId);
      const delivery = deliveryOf(job);
      if (!job || !delivery) return { status: 'unknown' };
      const endpointId = endpointIdOf(delivery.tenantId, delivery.url);
      const endpoint = await records.endpoint(delivery.tenantId, endpointId);
      if (endpoint?.disabledFor) return { status: 'disabled', endpointId, reason: endpoint.disabledFor };
      return { status: await sendAgain(job, delivery.tenantId) };
    },

    async replaySince(tenantId, endpointId, sinceMs) {
      const missed = await notDelivered(tenantId, (job) => {
        const delivery = deliveryOf(job);
        if (delivery?.tenantId !== tenantId || job.timestamp < sinceMs) return false;
        return endpointIdOf(tenantId, delivery.url) === endpointId;
      });
      // The newest come first; they are sent in their original order.
      for (const job of missed.reverse()) await sendAgain(job, tenantId);
      return missed.length;
    },
  };
}
