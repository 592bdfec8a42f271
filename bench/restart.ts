import { statSync } from 'node:fs';
import { mkdtemp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openRedis } from '../src/redis/connect.ts';
import { type LocalRedis, openLocalRedis } from '../src/redis/local-server.ts';
import { type Backend, nowMs, startBackend } from './backend.ts';
import type { Benchmark } from './benchmark.ts';
import type { Child } from './child.ts';
import type { Lab } from './lab.ts';
import { messages } from './messages.ts';
import { openProducer, startWorkers } from './our-worker.ts';
import { type BenchTenant, configure, UNLIMITED, writeTenants } from './tenants.ts';

const REPLICAS = 2;
/** Redis reads a million jobs from its file within this time. */
const READ_MS = 120_000;

/** The life of one backlog. */
interface Drain {
  readonly jobs: number;
  readonly tenants: number;
  readonly enqueuedPerSecond: number;
  /** Memory of Redis with all jobs waiting, bytes. */
  readonly redisBytes: number;
  /** The append-only file of Redis with all jobs waiting, bytes. */
  readonly fileBytes: number;
  /** From the start of Redis to its first answer, and of the workers to their next message. */
  readonly redisSeconds: number;
  readonly workerSeconds: number;
  /** Messages a second, from the first to the last one after the restart. */
  readonly perSecond: number;
  readonly lost: number;
  readonly repeats: number;
}

/** Shows that a long backlog of many tenants survives a restart of everything, and how fast it drains. */
export const restart: Benchmark = {
  name: 'restart',
  summary: 'a million waiting jobs of 10,000 tenants: enqueue, restart of Redis and of all workers, drain',

  async run(lab) {
    const tenants = lab.pick(10_000, 20);
    const few = await drain(lab, lab.pick(50_000, 100), tenants);
    const many = await drain(lab, lab.lines ?? lab.pick(1_000_000, 400), tenants);
    return {
      figures: [
        {
          what: `messages, ${many.jobs.toLocaleString('en-US')} waiting`,
          ours: many.perSecond,
          reference: few.perSecond,
          against: `${few.jobs.toLocaleString('en-US')} waiting`,
          unit: 'messages/s',
          target: { atLeast: 0.9 },
        },
      ],
      details: { few, many, lost: few.lost + many.lost, repeats: few.repeats + many.repeats },
    };
  },
};

async function drain(outer: Lab, jobs: number, tenantCount: number): Promise<Drain> {
  const dir = await mkdtemp(join(outer.folder, 'restart-'));
  const redis = outer.keep(await openLocalRedis({ dir, appendOnly: true }));
  const client = await openRedis({ url: redis.url, role: 'caller', deadlineMs: READ_MS });
  const lab: Lab = { ...outer, redisUrl: redis.url, client };
  const tenants: readonly BenchTenant[] = Array.from({ length: tenantCount }, (_, index) => ({
    id: `tenant-${index}`,
    limit: UNLIMITED,
  }));
  const backend = await startBackend(lab);
  backend.record();
  const prefix = lab.prefix();
  await configure(lab, prefix, tenants);

  lab.say(`${jobs} jobs of ${tenantCount} tenants: enqueueing`);
  const enqueueMs = await enqueue(lab, prefix, jobs, tenants);
  const redisBytes = await usedBytes(lab);
  const fileBytes = await bytesIn(join(dir, 'appendonlydir'));
  client.disconnect();

  const work = async () =>
    await startWorkers(lab, {
      prefix,
      tenantsFile: await writeTenants(lab, backend.url, tenants),
      replicas: REPLICAS,
    });
  lab.say('draining a tenth');
  const tenth = backend.expect(Math.ceil(jobs / 10));
  const first = await work();
  await tenth;

  lab.say('restarting Redis and the workers');
  await stopAll(first);
  const again = await startAgain(outer, redis, dir);
  const left = jobs - (await backend.arrivals()).length;
  const rest = backend.expect(left);
  const startedMs = nowMs();
  const second = await work();
  lab.say(`draining ${left}`);
  const { firstMs, lastMs } = await rest;
  await stopAll(second);
  const { lost, repeats } = await countArrivals(backend, jobs);
  return {
    jobs,
    tenants: tenantCount,
    enqueuedPerSecond: Math.round((jobs * 1000) / enqueueMs),
    redisBytes,
    fileBytes,
    redisSeconds: again.seconds,
    workerSeconds: (firstMs - startedMs) / 1000,
    perSecond: (left * 1000) / (lastMs - firstMs),
    lost,
    repeats,
  };
}

/** @returns how long it took, ms */
async function enqueue(lab: Lab, prefix: string, jobs: number, tenants: readonly BenchTenant[]) {
  await using producer = openProducer(lab, prefix);
  const startedMs = nowMs();
  await producer.enqueueMany(
    'message-transmission',
    messages({ count: jobs, tenantIds: tenants.map(({ id }) => id), perConversation: 4 }),
  );
  return nowMs() - startedMs;
}

async function stopAll(workers: readonly Child[]): Promise<void> {
  await Promise.all(workers.map((worker) => worker.stop()));
}

/** Starts Redis again on its port and its data, and waits until it has read them. */
async function startAgain(lab: Lab, { kill, port, url }: LocalRedis, dir: string) {
  await kill('SIGTERM');
  const startedMs = nowMs();
  lab.keep(await openLocalRedis({ dir, port, appendOnly: true, deadlineMs: READ_MS }));
  const client = await openRedis({ url, role: 'caller', deadlineMs: READ_MS });
  client.disconnect();
  return { seconds: (nowMs() - startedMs) / 1000 };
}

async function countArrivals(backend: Backend, jobs: number): Promise<Pick<Drain, 'lost' | 'repeats'>> {
  const arrivals = await backend.arrivals();
  const arrived = new Set(arrivals.map(([, requestId]) => requestId)).size;
  return { lost: jobs - arrived, repeats: arrivals.length - arrived };
}

async function usedBytes({ client }: Lab): Promise<number> {
  return Number(/^used_memory:(\d+)/m.exec(await client.info('memory'))?.[1]);
}

async function bytesIn(folder: string): Promise<number> {
  const files = await readdir(folder);
  return files.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
}
