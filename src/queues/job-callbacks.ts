import type { Job, Queue } from 'bullmq';
import { CALLBACK_EVENTS } from '../jobs/fields.ts';
import { shownReason } from '../jobs/shown/reasons.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Attempt } from '../webhooks/attempt.ts';
import { endpointIdOf } from '../webhooks/endpoint-id.ts';
import { noticeIdOf } from '../webhooks/event.ts';
import type { Replay, WebhookRecords } from '../webhooks/records.ts';
import { deliveryOf } from './callback-job.ts';
import { timeOf } from './job-view.ts';
import type { Queues } from './queues.ts';

/** A callback of a job, as far as Redis still knows it. */
export interface CallbackView {
  /** Its `webhook-id`. */
  readonly id: string;
  /** The end of the job that it reports. */
  readonly ending: (typeof CALLBACK_EVENTS)[number];
  /** `dead-letter`: no worker sends it again, unless an operator replays it. */
  readonly state: 'waiting' | 'running' | 'delivered' | 'dead-letter';
  /** Of the last attempts, those since the last replay. */
  readonly attempts: number;
  readonly lastAttemptAt: string | null;
  readonly deliveredAt: string | null;
  /** Code and reason of a dead letter. */
  readonly failedReason: string | null;
  readonly endpointId: string | null;
}

/** The log of a callback: its last attempts, and replays, the oldest first. */
export interface CallbackAttempts {
  /** Its `webhook-id`. */
  readonly id: string;
  readonly attempts: readonly (Attempt | Replay)[];
}

/** Reads the callbacks of a job, in the partition of the call. */
export interface JobCallbacks {
  views(tenantId: string, jobId: string): Promise<CallbackView[]>;
  /** The log of each. It has callbacks without an attempt, too. */
  attempts(tenantId: string, jobId: string): Promise<CallbackAttempts[]>;
}

const STATES: Readonly<Record<string, CallbackView['state']>> = {
  active: 'running',
  completed: 'delivered',
  failed: 'dead-letter',
};

/**
 * Finds the callbacks of a job by the ids that they must have: one for each end. A job that was
 * retried may have several. It asks for four ids in one round trip, and reads those that exist.
 */
export function createJobCallbacks(
  client: RedisClient,
  queues: Queues,
  records: Pick<WebhookRecords, 'attempts'>,
): JobCallbacks {
  const view = async (
    queue: Queue,
    tenantId: string,
    { id, ending }: Pick<CallbackView, 'id' | 'ending'>,
  ): Promise<CallbackView[]> => {
    const [job, state, log] = await Promise.all([
      queue.getJob(id),
      queue.getJobState(id),
      records.attempts(tenantId, id),
    ]);
    const delivery = deliveryOf(job);
    if (!job || delivery?.tenantId !== tenantId) return [];
    const attempts = log.slice(log.findLastIndex(({ outcome }) => outcome === 'replayed') + 1);
    return [
      {
        id,
        ending,
        state: STATES[state] ?? 'waiting',
        attempts: attempts.length,
        lastAttemptAt: attempts.at(-1)?.at ?? null,
        deliveredAt: state === 'completed' ? timeOf(job.finishedOn) : null,
        failedReason: reasonOf(job, state),
        endpointId: endpointIdOf(tenantId, delivery.url),
      },
    ];
  };

  /** The ids that exist, of those that the callbacks of a job must have. */
  const knownOf = async (queue: Queue, jobId: string) => {
    const ids = CALLBACK_EVENTS.map((ending) => ({ ending, id: noticeIdOf('wh', { jobId, ending }) }));
    const pipeline = client.pipeline();
    for (const { id } of ids) pipeline.exists(queue.toKey(id));
    const replies = (await pipeline.exec()) ?? [];
    for (const [error] of replies) if (error) throw error;
    return ids.filter((_, index) => replies[index]?.[1] === 1);
  };

  return {
    async views(tenantId, jobId) {
      const queue = queues.of('webhook-delivery', tenantId);
      const known = await knownOf(queue, jobId);
      return (await Promise.all(known.map((each) => view(queue, tenantId, each)))).flat();
    },

    async attempts(tenantId, jobId) {
      const known = await knownOf(queues.of('webhook-delivery', tenantId), jobId);
      return await Promise.all(
        known.map(async ({ id }) => ({ id, attempts: await records.attempts(tenantId, id) })),
      );
    },
  };
}

function reasonOf({ failedReason }: Job, state: string): string | null {
  return state === 'failed' && failedReason ? shownReason(failedReason) : null;
}
