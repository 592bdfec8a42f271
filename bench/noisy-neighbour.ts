import { setTimeout as sleep } from 'node:timers/promises';
import { type Backend, nowMs, startBackend } from './backend.ts';
import { addInBulk, openBareQueue, startBareWorker } from './bare-queue.ts';
import type { Benchmark } from './benchmark.ts';
import type { Lab } from './lab.ts';
import { type Message, messages } from './messages.ts';
import { openProducer, startWorkers } from './our-worker.ts';
import { percentile } from './statistics.ts';
import { type BenchTenant, configure, writeTenants } from './tenants.ts';

const LIMIT = { capacity: 100, ratePerSecond: 100 };
const LOUD = 'loud';
const QUIET = 'quiet';
const TENANTS: readonly BenchTenant[] = [LOUD, QUIET].map((id) => ({ id, limit: LIMIT }));

/** How long a loaded machine may take for a first message, in ms. */
const PATIENCE_MS = 60_000;

/** The rate of the quiet tenant, in messages per second. */
const QUIET_PER_SECOND = 10;

/** The results of the quiet tenant. Times are from the producer to Genesys Cloud, in ms. */
interface Course {
  readonly delivered: number;
  readonly sent: number;
  readonly p50: number;
  readonly p99: number;
  readonly loudPerSecond: number;
}

/** Enqueues one message. @returns the id of its job */
type Send = (message: Message) => Promise<string>;

/** Shows whether a tenant with a long backlog delays another tenant. */
export const noisyNeighbour: Benchmark = {
  name: 'noisy-neighbour',
  summary: 'a tenant with 100,000 waiting messages at 100/s beside one that sends 10 a second, for 30 s',

  async run(lab) {
    const alone = await ours(lab, 0);
    const beside = await ours(lab, lab.pick(100_000, 2000));
    const stock = await stockBullmq(lab, lab.pick(100_000, 2000));
    return {
      figures: [
        {
          what: 'p99 of the quiet tenant',
          ours: beside.p99,
          reference: alone.p99,
          against: 'alone on the same worker',
          unit: 'ms',
          target: { atMost: 1.25 },
        },
        {
          what: 'messages of the quiet tenant delivered',
          ours: beside.delivered,
          reference: stock.delivered,
          against: 'BullMQ with worker.rateLimit()',
          unit: 'messages',
        },
      ],
      details: { alone, beside, stock },
    };
  },
};

async function ours(lab: Lab, backlog: number): Promise<Course> {
  const backend = await startBackend(lab);
  const prefix = lab.prefix();
  await configure(lab, prefix, TENANTS);
  const producer = lab.keep(openProducer(lab, prefix));
  lab.say(`ours, ${backlog} messages of the loud tenant in front`);
  await producer.enqueueMany('message-transmission', loudMessages(backlog));
  const [worker] = await startWorkers(lab, {
    prefix,
    tenantsFile: await writeTenants(lab, backend.url, TENANTS),
  });
  const send = async (message: Message) => {
    const { jobIds } = await producer.enqueue('message-transmission', message);
    return jobIds[0] ?? '';
  };
  const course = await listen(lab, backend, send, PATIENCE_MS);
  await worker?.stop();
  await lab.clear();
  return course;
}

/** The rate limit of the BullMQ documentation: a 429 makes the worker stop the queue. */
async function stockBullmq(lab: Lab, backlog: number): Promise<Course> {
  const backend = await startBackend(lab);
  backend.limit(LOUD, LIMIT.ratePerSecond);
  const prefix = lab.prefix();
  const queue = lab.keep(openBareQueue(lab, prefix));
  lab.say(`BullMQ with worker.rateLimit(), ${backlog} messages of the loud tenant in front`);
  await addInBulk(queue, loudMessages(backlog), { batchSize: 250, batchesAtOnce: 4 });
  const worker = await startBareWorker(lab, { prefix, apiUrl: backend.url, obeysRetryAfter: true });
  const course = await listen(lab, backend, async ({ tenantId, ...payload }) => {
    const job = await queue.add('message', { tenantId, payload });
    return job.id ?? '';
  });
  await worker.stop();
  await lab.clear();
  return course;
}

/** @param patienceMs how long to wait for the first message, so that a slow machine has a figure */
async function listen(lab: Lab, backend: Backend, send: Send, patienceMs = 0): Promise<Course> {
  // The first messages open connections, and use the burst of the loud tenant.
  await sendSteadily(send, lab.pick(3000, 500));
  backend.record();
  const durationMs = lab.pick(30_000, 800);
  const sentAtMs = await sendSteadily(send, durationMs);
  await sleep(lab.pick(1000, 200));
  const deadlineMs = nowMs() + patienceMs;
  let arrivals = await backend.arrivals();
  while (nowMs() < deadlineMs && !arrivals.some(([, id]) => sentAtMs.has(id))) {
    await sleep(50);
    arrivals = await backend.arrivals();
  }
  const delays = arrivals.flatMap(([, id, atMs]) => {
    const sentMs = sentAtMs.get(id);
    return sentMs === undefined ? [] : [atMs - sentMs];
  });
  const loud = arrivals.filter(([tenantId]) => tenantId === LOUD).length;
  return {
    delivered: delays.length,
    sent: sentAtMs.size,
    p50: percentile(delays, 0.5),
    p99: percentile(delays, 0.99),
    loudPerSecond: (loud * 1000) / durationMs,
  };
}

/** @returns the time at which each message was enqueued, by the id of its job */
async function sendSteadily(send: Send, durationMs: number): Promise<Map<string, number>> {
  const sentAtMs = new Map<string, number>();
  const count = Math.floor((durationMs * QUIET_PER_SECOND) / 1000);
  const startMs = nowMs();
  let index = 0;
  for (const message of messages({ count, tenantIds: [QUIET], perConversation: 4 })) {
    await sleep(Math.max(0, startMs + (index++ * 1000) / QUIET_PER_SECOND - nowMs()));
    const atMs = nowMs();
    sentAtMs.set(await send(message), atMs);
  }
  return sentAtMs;
}

function loudMessages(count: number) {
  return messages({ count, tenantIds: [LOUD], perConversation: 4 });
}
