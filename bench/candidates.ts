import { Queue } from 'bullmq';
import type { Backend } from './backend.ts';
import { addInBulk, bareJobOf, openBareQueue, startBareWorker } from './bare-queue.ts';
import type { Child } from './child.ts';
import type { Lab } from './lab.ts';
import type { Message } from './messages.ts';
import { openProducer, startWorkers } from './our-worker.ts';
import { type BenchTenant, UNLIMITED, writeTenants } from './tenants.ts';

/** Three tenants, as in the sample data. */
export const TENANT_IDS = ['acme', 'globex', 'initech'] as const;

const TENANTS: readonly BenchTenant[] = TENANT_IDS.map((id) => ({ id, limit: UNLIMITED }));

/** One way to send messages: a running worker and its queue. */
export interface Candidate {
  readonly name: string;
  readonly worker: Child;
  readonly queue: Queue;
  fill(messages: Iterable<Message>): Promise<void>;
  /** Enqueues one message, as an application does that has one. */
  send(message: Message): Promise<void>;
}

export async function openOurs(lab: Lab, backend: Backend, prefix: string): Promise<Candidate> {
  const tenantsFile = await writeTenants(lab, backend.url, TENANTS);
  const [worker] = await startWorkers(lab, { prefix, tenantsFile });
  if (!worker) throw new TypeError('no worker');
  const producer = lab.keep(openProducer(lab, prefix));
  const queue = new Queue('message-transmission', { connection: lab.client, prefix: `${prefix}:{0}` });
  return {
    name: 'ours',
    worker,
    queue,
    fill: async (entries) => void (await producer.enqueueMany('message-transmission', entries)),
    send: async (message) => void (await producer.enqueue('message-transmission', message)),
  };
}

export async function openBare(lab: Lab, backend: Backend, http: 'ky' | 'undici'): Promise<Candidate> {
  const prefix = lab.prefix();
  const worker = await startBareWorker(lab, { prefix, apiUrl: backend.url, http });
  const queue = lab.keep(openBareQueue(lab, prefix));
  return {
    name: http,
    worker,
    queue,
    fill: (entries) => addInBulk(queue, entries, { batchSize: 250, batchesAtOnce: 4 }),
    async send(message) {
      const { name, data, opts } = bareJobOf(message);
      await queue.add(name, data, opts);
    },
  };
}
