import type { Job, Queue } from 'bullmq';
import type { RedisClient } from '../redis/connect.ts';
import { redisTimeMs } from '../redis/redis-time.ts';
import { endpointIdOf } from '../webhooks/endpoint-id.ts';
import type { DisabledFor } from '../webhooks/endpoints.ts';
import type { WebhookRecords } from '../webhooks/records.ts';
import { type DeliveryFacts, deliveryOf } from './callback-job.ts';
import { isJobId } from './job-id.ts';
import { partitionIn, type Queues } from './queues.ts';
import { replay } from './replay.ts';
import { unlessMoved } from './reprocess.ts';

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
  readonly client: RedisClient;
  readonly queues: Queues;
  readonly records: WebhookRecords;
}

const KIND = 'webhook-delivery';
/** Dead letters that are read together. */
const PAGE = 500;
/** Jobs per transaction. Redis serves no other client while it runs. */
const TRANSACTION_SIZE = 100;

export function createReplays({ client, queues, records }: ReplaysOptions): Replays {
  const find = async (jobId: string): Promise<Job | undefined> => {
    const all = queues.all().filter((queue) => queue.name === KIND && isJobId(jobId, queue.keys));
    const found = await Promise.all(all.map((queue) => queue.getJob(jobId)));
    const there = found.filter((job) => job !== undefined);
    // A command that carries it to another partition may have died in between.
    return queues.original(deliveryOf(there[0])?.tenantId ?? null, there, partitionOf);
  };

  const sendAgain = (job: Job, tenantId: string) => queues.withJob(job, () => sendHere(job, tenantId));

  const sendHere = async (job: Job, tenantId: string): Promise<'replayed' | 'under-way'> => {
    const state = await job.getState();
    if (state === 'delayed') return (await unlessMoved(job.promote())) ? 'replayed' : 'under-way';
    if (state !== 'completed' && state !== 'failed') return 'under-way';
    const [isReplayed] = await replay({ client, records }, tenantId, [{ job, state }]);
    return isReplayed ? 'replayed' : 'under-way';
  };

  /**
   * The ids of dead letters of a queue, in the order in which they failed. It reads from the newest:
   * BullMQ removes the oldest meanwhile. A callback that fails again meanwhile is not among them.
   */
  const failedSince = async (queue: Queue, sinceMs: number): Promise<string[]> => {
    const untilMs = await redisTimeMs(client);
    const ids: string[] = [];
    for (;;) {
      const page = await client.zrevrangebyscore(
        queue.toKey('failed'),
        untilMs,
        sinceMs,
        'LIMIT',
        ids.length,
        PAGE,
      );
      ids.push(...page);
      if (page.length < PAGE) return ids.reverse();
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
      const counts = await queues.inPlaces(tenantId, () => replayHere(tenantId, endpointId, sinceMs));
      return counts.reduce((sum, count) => sum + count, 0);
    },
  };

  async function replayHere(tenantId: string, endpointId: string, sinceMs: number): Promise<number> {
    const isMissed = (job: Job) => {
      const delivery = deliveryOf(job);
      if (delivery?.tenantId !== tenantId || job.timestamp < sinceMs) return false;
      return endpointIdOf(tenantId, delivery.url) === endpointId;
    };
    const queue = queues.of(KIND, tenantId);
    const ids = await failedSince(queue, sinceMs);
    let count = 0;
    for (const some of slicesOf(ids, TRANSACTION_SIZE)) {
      const found = await Promise.all(some.map((id) => queue.getJob(id)));
      const missed = found.filter((job) => job !== undefined).filter(isMissed);
      const callbacks = missed.map((job) => ({ job, state: 'failed' }) as const);
      if (callbacks.length === 0) continue;
      const outcomes = await replay({ client, records }, tenantId, callbacks);
      count += outcomes.filter((isReplayed) => isReplayed).length;
    }
    return count;
  }
}

function partitionOf(job: Job): number {
  return partitionIn(job.queueQualifiedName);
}

function* slicesOf<Item>(items: readonly Item[], size: number): Generator<readonly Item[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
