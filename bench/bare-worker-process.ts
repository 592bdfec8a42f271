import { type Job, RateLimitError, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { HTTPError } from 'ky';
import {
  createPostOfEvents,
  createPostOfEventsWithKy,
  createPostWithKy,
  createPostWithUndici,
} from './bare-post.ts';
import type { BareWorkerSettings } from './bare-queue.ts';

/** The process of bare-queue.ts. */
const settings: BareWorkerSettings = JSON.parse(process.argv[2] ?? '');
const post = createPost()(settings.apiUrl);

const worker = new Worker(settings.queueName, run, {
  connection: new Redis(settings.redisUrl, { maxRetriesPerRequest: null }),
  prefix: settings.prefix,
  // BullMQ notes the name in each job that this process has in hand.
  name: `bare-${process.pid}-worker`,
  concurrency: settings.concurrency,
  removeOnComplete: { count: 10_000 },
  removeOnFail: { age: 14 * 86_400 },
  ...(settings.lockDurationMs !== undefined && {
    lockDuration: settings.lockDurationMs,
    stalledInterval: settings.lockDurationMs,
  }),
  // Without a limiter BullMQ does not check whether the queue was stopped.
  ...(settings.obeysRetryAfter && { limiter: { max: 1_000_000, duration: 1000 } }),
});
worker.on('error', (error) => console.error(error));
process.once('disconnect', () => process.exit(0));
process.once('SIGTERM', () => process.exit(0));
await worker.waitUntilReady();
process.send?.({ ready: true });

function createPost() {
  const isKy = settings.http === 'ky';
  if (settings.posts === 'events') return isKy ? createPostOfEventsWithKy : createPostOfEvents;
  return isKy ? createPostWithKy : createPostWithUndici;
}

async function run(job: Job): Promise<unknown> {
  try {
    return await post(job.id ?? '', job.data);
  } catch (error) {
    if (!settings.obeysRetryAfter || !(error instanceof HTTPError) || error.response.status !== 429)
      throw error;
    await worker.rateLimit(1000 * Number(error.response.headers.get('retry-after')));
    throw new RateLimitError();
  }
}
