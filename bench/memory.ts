import { setTimeout as sleep } from 'node:timers/promises';
import { startBackend } from './backend.ts';
import { addInBulk, openBareQueue } from './bare-queue.ts';
import type { Benchmark } from './benchmark.ts';
import type { Measured } from './figure.ts';
import type { Lab } from './lab.ts';
import { messages } from './messages.ts';
import { openProducer, startWorkers } from './our-worker.ts';
import { residentBytes } from './processor-time.ts';
import { median } from './statistics.ts';
import { type BenchTenant, configure, UNLIMITED, writeTenants } from './tenants.ts';

const SAMPLE_EVERY_MS = 100;
/** The heap of Node in a container of 512 MB. With more memory Node collects garbage later. */
const SMALL_HEAP = ['--max-old-space-size=256'];
const MEGABYTE = 1024 * 1024;

/** Measures the bytes of a waiting job in Redis, and the memory of a worker over many jobs. */
export const memory: Benchmark = {
  name: 'memory',
  summary: 'resident memory of a worker over 100,000 jobs, and bytes of Redis for a waiting job',

  async run(lab) {
    const { figure: redis, details } = await waitingJobs(lab);
    const { figure: worker, samples } = await workerOverTime(lab);
    return { figures: [redis, worker], details: { ...details, workerMegabytes: samples } };
  },
};

/** Measures jobs that wait for the rate limit of their tenant. */
async function waitingJobs(lab: Lab): Promise<{ figure: Measured; details: Record<string, unknown> }> {
  const count = lab.pick(100_000, 1000);
  const limit = { capacity: 100, ratePerSecond: 100 };
  const tenants = ['acme', 'globex', 'initech'].map((id) => ({ id, limit }));
  const input = (perConversation: number) =>
    messages({ count, tenantIds: tenants.map(({ id }) => id), perConversation });

  const ours = async (perConversation: number) => {
    const prefix = lab.prefix();
    await configure(lab, prefix, tenants);
    await using producer = openProducer(lab, prefix);
    return await bytesPerJob(lab, count, async () => {
      await producer.enqueueMany('message-transmission', input(perConversation));
    });
  };
  lab.say(`${count} waiting jobs, ours`);
  const inFours = await ours(4);
  const alone = await ours(1);
  lab.say(`${count} waiting jobs, bare BullMQ`);
  await using queue = openBareQueue(lab, lab.prefix());
  const bare = await bytesPerJob(lab, count, () =>
    addInBulk(queue, input(4), { batchSize: 250, batchesAtOnce: 4 }),
  );
  return {
    figure: {
      what: 'Redis, waiting job',
      ours: inFours,
      reference: bare,
      against: 'bare BullMQ',
      unit: 'bytes/job',
      target: { atMost: 1.3 },
    },
    details: { bytesInConversationsOfOne: Math.round(alone) },
  };
}

async function bytesPerJob(lab: Lab, count: number, add: () => Promise<void>): Promise<number> {
  const before = await usedBytes(lab);
  await add();
  const bytes = ((await usedBytes(lab)) - before) / count;
  await lab.clear();
  return bytes;
}

async function usedBytes({ client }: Lab): Promise<number> {
  return Number(/^used_memory_dataset:(\d+)/m.exec(await client.info('memory'))?.[1]);
}

/** Compares the last tenth of the jobs with the first. */
async function workerOverTime(lab: Lab): Promise<{ figure: Measured; samples: number[] }> {
  const count = lab.pick(100_000, 1500);
  const tenants: readonly BenchTenant[] = [{ id: 'acme', limit: UNLIMITED }];
  const backend = await startBackend(lab);
  const prefix = lab.prefix();
  const tenantsFile = await writeTenants(lab, backend.url, tenants);
  const [worker] = await startWorkers(lab, { prefix, tenantsFile, nodeOptions: SMALL_HEAP });
  const producer = lab.keep(openProducer(lab, prefix));
  lab.say(`a worker sends ${count} messages`);

  const medians: number[] = [];
  const part = count / 10;
  for (let each = 0; each < 10; each++) {
    const passing = backend.expect(part).then(() => true);
    const entries = messages({ count: part, tenantIds: ['acme'], perConversation: 4 });
    const enqueued = producer.enqueueMany('message-transmission', entries);
    const samples: number[] = [];
    while (!(await Promise.race([passing, sleep(SAMPLE_EVERY_MS, false)]))) {
      samples.push(residentBytes(worker?.pid ?? 0) / MEGABYTE);
    }
    await enqueued;
    samples.push(residentBytes(worker?.pid ?? 0) / MEGABYTE);
    medians.push(Math.round(median(samples)));
  }
  return {
    figure: {
      what: 'worker, last tenth of its jobs',
      ours: medians.at(-1) ?? Number.NaN,
      reference: medians[0] ?? Number.NaN,
      against: 'the first tenth',
      unit: 'MB',
      target: { atMost: 1.25 },
    },
    samples: medians,
  };
}
