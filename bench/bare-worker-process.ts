import { type Job, RateLimitError, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import ky, { HTTPError } from 'ky';
import { Agent, request } from 'undici';
import type { BareWorkerSettings } from './bare-queue.ts';

/** The process behind bare-queue.ts. Each job is one POST with the body and the headers that our worker sends. */
const settings: BareWorkerSettings = JSON.parse(process.argv[2] ?? '');
const agent = new Agent({ connections: 256 });
const address = `${settings.apiUrl}/api/v2/conversations/messaging/messages`;

const worker = new Worker(settings.queueName, run, {
  connection: new Redis(settings.redisUrl, { maxRetriesPerRequest: null }),
  prefix: settings.prefix,
  concurrency: settings.concurrency,
  removeOnComplete: { count: 10_000 },
  removeOnFail: { age: 14 * 86_400 },
  // Without a limiter BullMQ does not look whether the queue was stopped.
  ...(settings.obeysRetryAfter && { limiter: { max: 1_000_000, duration: 1000 } }),
});
worker.on('error', (error) => console.error(error));
process.once('disconnect', () => process.exit(0));
process.once('SIGTERM', () => process.exit(0));
await worker.waitUntilReady();
process.send?.({ ready: true });

async function run(job: Job): Promise<unknown> {
  const { tenantId, payload } = job.data;
  const headers = {
    authorization: `Bearer ${tenantId}`,
    accept: 'application/json',
    'x-genesys-request-id': job.id ?? '',
    'x-conversation-sequence': '1',
  };
  const body = {
    from: { id: payload.guestId, type: 'user' },
    to: { id: payload.conversationId, type: 'conversation' },
    body: payload.body,
    metadata: { readReceipt: true, transmissionTimestamp: new Date().toISOString() },
  };
  try {
    return await (settings.http === 'ky' ? postWithKy(headers, body) : postWithUndici(headers, body));
  } catch (error) {
    if (!settings.obeysRetryAfter || !(error instanceof HTTPError) || error.response.status !== 429)
      throw error;
    await worker.rateLimit(1000 * Number(error.response.headers.get('retry-after')));
    throw new RateLimitError();
  }
}

async function postWithKy(headers: Record<string, string>, body: object): Promise<unknown> {
  return await ky.post(address, { json: body, headers, retry: 0 }).json();
}

async function postWithUndici(headers: Record<string, string>, body: object): Promise<unknown> {
  const response = await request(address, {
    method: 'POST',
    dispatcher: agent,
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return await response.body.json();
}
