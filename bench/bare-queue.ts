import { fileURLToPath } from 'node:url';
import { type JobsOptions, Queue } from 'bullmq';
import type { Envelope } from '../src/jobs/envelope.ts';
import { type Child, startChild } from './child.ts';
import type { Lab } from './lab.ts';
import type { Message } from './messages.ts';

/** The reference: BullMQ and an HTTP client, as anybody would put them together, without any of our promises. */

/** How a bare worker is started; see bare-worker-process.ts. */
export interface BareWorkerSettings {
  readonly redisUrl: string;
  readonly prefix: string;
  readonly queueName: string;
  readonly concurrency: number;
  readonly apiUrl: string;
  readonly http: 'ky' | 'undici';
  /** On a 429, stop the whole queue for `Retry-After`, as BullMQ's documentation has it. */
  readonly obeysRetryAfter: boolean;
}

/** As many as one of our workers has in hand here. */
export const CONCURRENCY = 50;
export const BARE_QUEUE = 'bare';

/** The options of our jobs, as far as they have a meaning here. */
const JOB_OPTIONS: JobsOptions = { attempts: 8, backoff: { type: 'exponential', delay: 1000 } };

export async function startBareWorker(
  lab: Lab,
  settings: Pick<BareWorkerSettings, 'prefix' | 'apiUrl'> & Partial<BareWorkerSettings>,
): Promise<Child> {
  const all: BareWorkerSettings = {
    redisUrl: lab.redisUrl,
    queueName: BARE_QUEUE,
    concurrency: CONCURRENCY,
    http: 'ky',
    obeysRetryAfter: false,
    ...settings,
  };
  const file = fileURLToPath(new URL('bare-worker-process.ts', import.meta.url));
  return lab.keep(await startChild(file, { args: [JSON.stringify(all)], nodeOptions: lab.nodeOptions }));
}

export function openBareQueue(lab: Lab, prefix: string): Queue & AsyncDisposable {
  const queue = new Queue(BARE_QUEUE, { connection: lab.client, prefix });
  return Object.assign(queue, { [Symbol.asyncDispose]: () => queue.close() });
}

/** Adds messages with BullMQ's own `addBulk`, in batches of the given size, so many of them at a time. */
export async function addInBulk(
  queue: Queue,
  messages: Iterable<Message>,
  { batchSize, batchesAtOnce }: { readonly batchSize: number; readonly batchesAtOnce: number },
): Promise<void> {
  const underWay = new Set<Promise<unknown>>();
  let batch: { name: string; data: Envelope; opts: JobsOptions }[] = [];
  const send = async () => {
    const sending: Promise<unknown> = queue.addBulk(batch).finally(() => underWay.delete(sending));
    underWay.add(sending);
    batch = [];
    if (underWay.size >= batchesAtOnce) await Promise.race(underWay);
  };
  for (const { tenantId, ...message } of messages) {
    // What our producer stores: the message with its defaults filled in.
    const payload = { tenantId, ...message, attachments: [], readReceipt: true, split: false };
    batch.push({ name: 'message', data: { tenantId, payload }, opts: JOB_OPTIONS });
    if (batch.length === batchSize) await send();
  }
  if (batch.length > 0) await send();
  await Promise.all(underWay);
}
