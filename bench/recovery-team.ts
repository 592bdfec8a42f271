import { setTimeout as sleep } from 'node:timers/promises';
import { Queue } from 'bullmq';
import type { Backend } from './backend.ts';
import { bareJobOf, openBareQueue, startBareWorker } from './bare-queue.ts';
import type { Child } from './child.ts';
import type { Lab } from './lab.ts';
import type { Message } from './messages.ts';
import { openProducer, startWorkers } from './our-worker.ts';
import { UNLIMITED, writeTenants } from './tenants.ts';

/** The tenant of all messages. */
export const TENANT_ID = 'acme';

/** The concurrency of our worker with default settings. */
const CONCURRENCY = 1000;
const REPLICAS = 3;

/**
 * A quick run does not wait for locks of 30 s. A request still has more time than an answer of a loaded
 * machine takes.
 */
const SHORT_LOCK_MS = 8000;
const SHORT_LOCKS = { LOCK_DURATION: `${SHORT_LOCK_MS}ms`, REQUEST_TIMEOUT: `${SHORT_LOCK_MS / 2}ms` };

/** Three workers of one queue. */
export interface Team {
  readonly name: string;
  readonly workers: readonly Child[];
  readonly queue: Queue;
  /** @returns the ids of the jobs */
  enqueue(batch: readonly Message[]): Promise<string[]>;
}

/** Our workers, with the settings that the program has by default. */
export async function startOurTeam(lab: Lab, backend: Backend): Promise<Team> {
  const prefix = lab.prefix();
  const tenantsFile = await writeTenants(lab, backend.url, [{ id: TENANT_ID, limit: UNLIMITED }]);
  const env = { WORKER_CONCURRENCY: String(CONCURRENCY), ...(lab.isQuick && SHORT_LOCKS) };
  const workers = await startWorkers(lab, { prefix, tenantsFile, replicas: REPLICAS, env });
  const producer = lab.keep(openProducer(lab, prefix));
  return {
    name: 'ours',
    workers,
    queue: new Queue('message-transmission', { connection: lab.client, prefix: `${prefix}:{0}` }),
    async enqueue(batch) {
      const jobIds: string[] = [];
      await producer.enqueueMany('message-transmission', batch, {
        onEntry: (entry) => void (entry.status === 'accepted' && jobIds.push(...entry.jobIds)),
      });
      return jobIds;
    },
  };
}

/** Workers of BullMQ, with the locks that BullMQ has by default. */
export async function startBareTeam(lab: Lab, backend: Backend): Promise<Team> {
  const prefix = lab.prefix();
  const start = () =>
    startBareWorker(lab, {
      ...{ prefix, apiUrl: backend.url, http: 'undici', concurrency: CONCURRENCY },
      ...(lab.isQuick && { lockDurationMs: SHORT_LOCK_MS }),
    });
  const workers = await Promise.all(Array.from({ length: REPLICAS }, start));
  const queue = lab.keep(openBareQueue(lab, prefix));
  return {
    name: 'bare',
    workers,
    queue,
    enqueue: async (batch) => (await queue.addBulk(batch.map(bareJobOf))).map(({ id }) => id ?? ''),
  };
}

/** The jobs that a worker has in hand. BullMQ notes the name of the worker in each of them. */
export async function inHandOf({ queue }: Team, lab: Lab, { pid }: Child): Promise<string[]> {
  const active = await lab.client.lrange(queue.toKey('active'), '0', '-1');
  const names = await Promise.all(active.map((jobId) => lab.client.hget(queue.toKey(jobId), 'pb')));
  return active.filter((_, index) => names[index]?.includes(`-${pid}-`));
}

/** Waits until all of these jobs have ended. @returns the time at which the last one ended */
export async function lastEndMs(
  { queue, name }: Team,
  lab: Lab,
  jobIds: readonly string[],
  deadlineMs: number,
): Promise<number> {
  const open = new Set(jobIds);
  let lastMs = 0;
  for (;;) {
    const asked = [...open];
    const ends = await Promise.all(asked.map((jobId) => lab.client.hget(queue.toKey(jobId), 'finishedOn')));
    for (const [index, end] of ends.entries()) {
      if (!end) continue;
      open.delete(asked[index] ?? '');
      lastMs = Math.max(lastMs, Number(end));
    }
    if (open.size === 0) return lastMs;
    if (Date.now() > deadlineMs) throw new Error(`${name}: ${open.size} jobs of the dead worker do not end`);
    await sleep(LOOK_AGAIN_MS);
  }
}

const LOOK_AGAIN_MS = 100;
