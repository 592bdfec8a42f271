import { fileURLToPath } from 'node:url';
import { type JobsOptions, Queue } from 'bullmq';
import type { Envelope } from '../src/jobs/envelope.ts';
import { type Child, startChild } from './child.ts';
import type { Lab } from './lab.ts';
import type { Message } from './messages.ts';

/** The reference: BullMQ and an HTTP client, without order, rate limits or a ledger. */

/** The settings of bare-worker-process.ts. */
export interface BareWorkerSettings {
  readonly redisUrl: string;
  readonly prefix: string;
  readonly queueName: string;
  readonly concurrency: number;
  readonly apiUrl: string;
  readonly http: 'ky' | 'undici';
  /** `events` are the callbacks of our jobs. */
  readonly posts: 'messages' | 'events';
  /** A 429 stops the whole queue for `Retry-After`, as the documentation of BullMQ shows. */
  readonly obeysRetryAfter: boolean;
  /** That of BullMQ by default. */
  readonly lockDurationMs?: number;
}

/** The concurrency of our workers in the benchmarks. */
export const CONCURRENCY = 50;
export const BARE_QUEUE = 'bare';

/** The options of our jobs that BullMQ also has. */
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
    posts: 'messages',
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

/** A message as `addBulk` of BullMQ takes it. */
export interface BareJob {
  readonly name: string;
  readonly data: Envelope;
  readonly opts: JobsOptions;
}

/** Adds messages with `addBulk` of BullMQ, with at most `batchesAtOnce` batches at a time. */
export async function addInBulk(
  queue: Queue,
  messages: Iterable<Message>,
  { batchSize, batchesAtOnce }: { readonly batchSize: number; readonly batchesAtOnce: number },
): Promise<void> {
  const underWay = new Set<Promise<unknown>>();
  let batch: BareJob[] = [];
  const send = async () => {
    const sending: Promise<unknown> = queue.addBulk(batch).finally(() => underWay.delete(sending));
    underWay.add(sending);
    batch = [];
    if (underWay.size >= batchesAtOnce) await Promise.race(underWay);
  };
  for (const message of messages) {
    batch.push(bareJobOf(message));
    if (batch.length === batchSize) await send();
  }
  if (batch.length > 0) await send();
  await Promise.all(underWay);
}

/** Our producer stores the message with its defaults, so the reference does too. */
export function bareJobOf({ tenantId, ...message }: Message): BareJob {
  const payload = { tenantId, ...message, attachments: [], readReceipt: true, split: false };
  return { name: 'message', data: { tenantId, payload }, opts: JOB_OPTIONS };
}
