import type { Job, Queue } from 'bullmq';
import { CALLBACK_EVENTS } from '../jobs/fields.ts';
import { shownReason } from '../jobs/shown/reasons.ts';
import type { RedisClient } from '../redis/connect.ts';
import { endpointIdOf } from '../webhooks/endpoint-id.ts';
import { noticeIdOf } from '../webhooks/event.ts';
import type { WebhookRecords } from '../webhooks/records.ts';
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
): (tenantId: string, jobId: string) => Promise<CallbackView[]> {
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

  return async (tenantId, jobId) => {
    const queue = queues.of('webhook-delivery', tenantId);
    const ids = CALLBACK_EVENTS.map((ending) => ({ ending, id: noticeIdOf('wh', { jobId, ending }) }));
    const pipeline = client.pipeline();
    for (const { id } of ids) pipeline.exists(queue.toKey(id));
    const replies = (await pipeline.exec()) ?? [];
    for (const [error] of replies) if (error) throw error;
    const known = ids.filter((_, index) => replies[index]?.[1] === 1);
    return (await Promise.all(known.map((each) => view(queue, tenantId, each)))).flat();
  };
}

function reasonOf({ failedReason }: Job, state: string): string | null {
  return state === 'failed' && failedReason ? shownReason(failedReason) : null;
}
