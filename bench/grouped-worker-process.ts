import { Queue, Worker } from 'groupmq';
import { Redis } from 'ioredis';
import type { Envelope } from '../src/jobs/envelope.ts';
import { createPostWithKy, createPostWithUndici } from './bare-post.ts';
import type { GroupedWorkerSettings } from './grouped-queue.ts';

/** The process of grouped-queue.ts. */
const settings: GroupedWorkerSettings = JSON.parse(process.argv[2] ?? '');
const post = (settings.http === 'ky' ? createPostWithKy : createPostWithUndici)(settings.apiUrl);
const redis = new Redis(settings.redisUrl, { maxRetriesPerRequest: null });
const worker = new Worker<Envelope>({
  queue: new Queue<Envelope>({ redis, namespace: settings.namespace }),
  concurrency: settings.concurrency,
  handler: (job) => post(job.id, job.data),
});
worker.on('error', (error) => console.error(error));
process.once('disconnect', () => process.exit(0));
process.once('SIGTERM', () => process.exit(0));
void worker.run();
process.send?.({ ready: true });
