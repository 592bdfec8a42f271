import { openQueues } from '../../../src/queues/queues.ts';
import { createRedis } from '../../../src/redis/connect.ts';
import { createKeys } from '../../../src/redis/keys.ts';
import type { Attempt } from '../../../src/webhooks/attempt.ts';
import {
  type CalledUp,
  type Caller,
  createEndpoints,
  type Entrance,
} from '../../../src/webhooks/endpoints.ts';
import { createWebhookRecords } from '../../../src/webhooks/records.ts';
import { createManualClock } from '../clock.ts';
import { onEnd } from '../lifetime.ts';
import { testRedis } from '../redis.ts';

export const URL_A = 'https://a.example/hook';
export const URL_B = 'https://b.example/hook';
export const DAY = 86_400_000;

export interface StageOptions {
  readonly places?: number;
  readonly tenantPlaces?: number;
  /** BullMQ cannot be told whom to wake. */
  readonly isDeaf?: boolean;
}

/** Endpoints on a real Redis, with callbacks in a real queue that no worker takes, and a clock of the test's. */
export function openEndpointStage({ places = 2, tenantPlaces = 10, isDeaf = false }: StageOptions = {}) {
  const redis = testRedis();
  const client = createRedis({ url: redis.url, role: 'caller' });
  const keys = createKeys(redis.prefix, 1);
  const queues = openQueues({ client, keys, onError: () => {} });
  onEnd(async () => {
    await queues.close();
    client.disconnect();
  });
  const clock = createManualClock();
  const woken: CalledUp[] = [];
  const endpoints = createEndpoints({
    client,
    keys,
    async wake(called) {
      if (isDeaf) throw new Error('Redis is full');
      woken.push(...called);
    },
    places,
    tenantPlaces,
    callMs: 12_000,
    disableAfterMs: 5 * DAY,
    keepAttemptsMs: 14 * DAY,
    now: clock.now,
  });
  const queue = queues.of('webhook-delivery', 'acme');
  let enqueued = 0;

  /** A callback in its queue; those that are made later are younger. */
  const make = async (jobId: string, { tenantId = 'acme', url = URL_A } = {}): Promise<Caller> => {
    const data = { tenantId, payload: { url } };
    await queue.add('webhook-delivery', data, { jobId, delay: DAY, timestamp: ++enqueued });
    return { tenantId, jobId, url };
  };

  return {
    clock,
    client,
    keys,
    queue,
    endpoints,
    records: createWebhookRecords(client, keys, clock),
    make,
    /** A new callback in the hands of a worker. */
    async arrive(jobId: string, options?: { tenantId?: string; url?: string }): Promise<Entrance> {
      return await endpoints.enter(await make(jobId, options));
    },
    async enter(jobId: string, url = URL_A): Promise<Entrance['verdict']> {
      return (await endpoints.enter({ tenantId: 'acme', jobId, url })).verdict;
    },
    async leave(jobId: string, outcome: Attempt['outcome'] = 'delivered', retryAfterMs?: number) {
      const attempt = { at: '', outcome, latencyMs: 1, ...(retryAfterMs !== undefined && { retryAfterMs }) };
      return await endpoints.leave({ tenantId: 'acme', jobId, url: URL_A }, attempt);
    },
    /** Who was woken since the last look, with the delay where there is one. */
    woken(): string[] {
      return woken.splice(0).map(({ jobId, delayMs }) => (delayMs > 0 ? `${jobId} in ${delayMs}` : jobId));
    },
  };
}
