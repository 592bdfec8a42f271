import { openQueues } from '../../../src/queues/queues.ts';
import { createRedis } from '../../../src/redis/connect.ts';
import { createKeys } from '../../../src/redis/keys.ts';
import { withScripts } from '../../../src/redis/script.ts';
import type { Wake } from '../../../src/redis/wakes.ts';
import type { Attempt } from '../../../src/webhooks/attempt.ts';
import {
  type CallbackRef,
  createEndpoints,
  type Endpoints,
  type EnterDecision,
} from '../../../src/webhooks/endpoints.ts';
import { createWebhookRecords } from '../../../src/webhooks/records.ts';
import { createManualClock } from '../clock.ts';
import { onEnd } from '../lifetime.ts';
import { testRedis } from '../redis.ts';

export const URL_A = 'https://a.example/hook';
export const URL_B = 'https://b.example/hook';
export const DAY = 86_400_000;

export interface StageOptions {
  readonly concurrency?: number;
  readonly tenantConcurrency?: number;
  readonly callMs?: number;
  /** Of Redis, or of a proxy in front of it. */
  readonly url?: string;
  /** Waking a job fails. */
  readonly failsToWake?: boolean;
}

/**
 * Endpoints on a real Redis, with callbacks in a real queue that no worker takes. The test sets the
 * clock.
 */
export function openEndpointStage({
  concurrency = 2,
  tenantConcurrency = 10,
  callMs = 12_000,
  failsToWake = false,
  url,
}: StageOptions = {}) {
  const redis = testRedis();
  const client = createRedis({ url: url ?? redis.url, role: 'caller' });
  const keys = createKeys(redis.prefix, 1);
  const queues = openQueues({ client, keys, onError: () => {} });
  onEnd(async () => {
    await queues.close();
    client.disconnect();
  });
  const clock = createManualClock();
  const woken: Wake[] = [];
  const workers = new Map<string, Endpoints>();
  /** The endpoints of one worker process. */
  const endpointsOf = (worker: string): Endpoints => {
    const known = workers.get(worker);
    if (known) return known;
    const endpoints = createEndpoints({
      client,
      keys,
      worker,
      async wake(callbacks) {
        if (failsToWake) throw new Error('Redis is full');
        woken.push(...callbacks);
      },
      concurrency,
      tenantConcurrency,
      callMs,
      disableAfterMs: 5 * DAY,
      keepAttemptsMs: 14 * DAY,
      now: clock.now,
    });
    workers.set(worker, endpoints);
    return endpoints;
  };
  const endpoints = endpointsOf('w-1');
  const queue = queues.of('webhook-delivery', 'acme');
  let enqueued = 0;

  /** Adds a callback to its queue. Callbacks that are made later are younger. */
  const make = async (jobId: string, { tenantId = 'acme', url = URL_A } = {}): Promise<CallbackRef> => {
    const data = { tenantId, payload: { url } };
    await queue.add('webhook-delivery', data, { jobId, delay: DAY, timestamp: ++enqueued });
    return { tenantId, jobId, url };
  };

  const records = createWebhookRecords(client, keys, clock);

  return {
    clock,
    client,
    keys,
    queue,
    endpoints,
    records,
    make,
    /** A worker starts the job of a new callback. */
    async arrive(jobId: string, options?: { tenantId?: string; url?: string }): Promise<EnterDecision> {
      return await endpoints.enter({ ...(await make(jobId, options)), run: 1 });
    },
    async enter(jobId: string, url = URL_A, run = 1): Promise<EnterDecision['verdict']> {
      return (await endpoints.enter({ tenantId: 'acme', jobId, url, run })).verdict;
    },
    /** A call has ended. */
    async leave(
      jobId: string,
      outcome: Attempt['outcome'] = 'delivered',
      retryAfterMs?: number,
      { run = 1, worker = 'w-1', url = URL_A } = {},
    ) {
      const attempt = { at: '', outcome, latencyMs: 1, ...(retryAfterMs !== undefined && { retryAfterMs }) };
      const call = { tenantId: 'acme', jobId, url, run };
      return await endpointsOf(worker).leave(call, attempt);
    },
    /** An operator replays a callback that has ended. */
    async replay(jobId: string): Promise<void> {
      const hash = queue.toKey(jobId);
      await client.hset(hash, { finishedOn: 1 });
      const transaction = client.multi();
      records.queueReplay(transaction, 'acme', [jobId]);
      transaction.hdel(hash, 'finishedOn');
      const replies = (await withScripts(client, () => transaction.exec())) ?? [];
      for (const [error] of replies) if (error) throw error;
    },
    /** Workers report ended jobs, and enqueue their callbacks, in one turn of the event loop. */
    async born(...callbacks: (string | { readonly jobId: string; readonly url: string })[]): Promise<void> {
      const arrive = (jobId: string, to = URL_A) =>
        endpoints.arrive({ tenantId: 'acme', jobId, url: to, data: '{}', options: '{}' });
      await Promise.all(
        callbacks.map((each) => (typeof each === 'string' ? arrive(each) : arrive(each.jobId, each.url))),
      );
    },
    /** Jobs that a worker may take now, in the order in which it gets them. */
    waitingJobs: async () => (await client.lrange(queue.toKey('wait'), 0, -1)).reverse(),
    /** A worker takes a job. */
    async take(jobId: string): Promise<void> {
      await client.lrem(queue.toKey('wait'), 0, jobId);
      await client.zrem(queue.toKey('delayed'), jobId);
    },
    /** A worker delays a job that it has. */
    async delay(jobId: string): Promise<void> {
      await client.zadd(queue.toKey('delayed'), Number.MAX_SAFE_INTEGER, jobId);
    },
    /** The wakes since the last call that no script has done itself. */
    wakesLeft: () => woken.splice(0).filter(({ isDone }) => !isDone),
    /** The callbacks that were woken since the last call, each with its delay, if it has one. */
    woken(): string[] {
      return woken.splice(0).map(({ jobId, delayMs }) => (delayMs > 0 ? `${jobId} in ${delayMs}` : jobId));
    },
  };
}
