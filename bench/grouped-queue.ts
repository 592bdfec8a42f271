import { fileURLToPath } from 'node:url';
import { Queue } from 'groupmq';
import { Redis } from 'ioredis';
import type { Envelope } from '../src/jobs/envelope.ts';
import { CONCURRENCY } from './bare-queue.ts';
import { type Child, startChild } from './child.ts';
import type { Lab } from './lab.ts';
import type { Message } from './messages.ts';

/** groupmq: one job of each group at a time, in order. It has no rate limits and no ledger. */

export interface GroupedWorkerSettings {
  readonly redisUrl: string;
  readonly namespace: string;
  readonly apiUrl: string;
  readonly concurrency: number;
  readonly http: 'ky' | 'undici';
}

export async function startGroupedWorker(
  lab: Lab,
  settings: Pick<GroupedWorkerSettings, 'namespace' | 'apiUrl' | 'http'>,
): Promise<Child> {
  const all: GroupedWorkerSettings = { redisUrl: lab.redisUrl, concurrency: CONCURRENCY, ...settings };
  const file = fileURLToPath(new URL('grouped-worker-process.ts', import.meta.url));
  return lab.keep(await startChild(file, { args: [JSON.stringify(all)], nodeOptions: lab.nodeOptions }));
}

/** Adds messages. Each conversation is a group. */
export async function addGrouped(lab: Lab, namespace: string, messages: Iterable<Message>): Promise<void> {
  const redis = new Redis(lab.redisUrl, { maxRetriesPerRequest: null });
  const queue = new Queue<Envelope>({ redis, namespace });
  const underWay = new Set<Promise<unknown>>();
  for (const { tenantId, ...payload } of messages) {
    const adding: Promise<unknown> = queue
      .add({ groupId: payload.conversationId, data: { tenantId, payload } })
      .finally(() => underWay.delete(adding));
    underWay.add(adding);
    if (underWay.size >= 500) await Promise.race(underWay);
  }
  await Promise.all(underWay);
  redis.disconnect();
}
