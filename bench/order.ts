import { setTimeout as sleep } from 'node:timers/promises';
import { Queue } from 'bullmq';
import type { Benchmark } from './benchmark.ts';
import type { Child } from './child.ts';
import type { Lab } from './lab.ts';
import { messages } from './messages.ts';
import { besideGroupmq } from './order-beside-groupmq.ts';
import { openProducer, startWorkers } from './our-worker.ts';
import { processorTimeUs, redisUse } from './processor-time.ts';
import { type BenchSandbox, startSandbox } from './sandbox.ts';
import { median } from './statistics.ts';
import { type BenchTenant, UNLIMITED, writeTenants } from './tenants.ts';

const TENANTS: readonly BenchTenant[] = [{ id: 'acme', limit: UNLIMITED }];

/** The sandbox answers 503 to one in twenty messages. */
const FAULTS = { operations: { 'message.send': { errors: [{ status: 503, rate: 0.05 }] } } };

interface Run {
  readonly perSecond: number;
  readonly outOfOrder: number;
  readonly duplicates: number;
  /** Processor time of all workers for one message. */
  readonly workerUs: number;
  readonly redisUs: number;
}

/** Measures the cost of the order in conversations, with failures, and compares it with groupmq. */
export const order: Benchmark = {
  name: 'order',
  summary: '20,000 messages in 1,000 conversations, one in twenty answered 503, three replicas, five rounds',

  async run(lab) {
    const sandbox = await startSandbox(lab, TENANTS);
    const prefix = lab.prefix();
    const tenantsFile = await writeTenants(lab, sandbox.url, TENANTS);
    const workers = await startWorkers(lab, {
      prefix,
      tenantsFile,
      replicas: lab.pick(3, 2),
      // Short retries: the benchmark measures order and not the backoff.
      env: { BACKOFF_BASE: '10ms', BACKOFF_MAX: '100ms', JOB_RETRY_FOR: '1m' },
    });
    const count = lab.pick(20_000, 200);
    const conversations = lab.pick(1000, 40);

    await send(lab, sandbox, prefix, workers, {
      what: 'warm-up',
      count: lab.pick(3000, 40),
      perConversation: 4,
    });
    const rounds = { inOrder: [] as Run[], apart: [] as Run[] };
    for (let round = 1; round <= lab.rounds(5); round++) {
      const inOrder = await send(lab, sandbox, prefix, workers, {
        what: `round ${round}: ${conversations} conversations`,
        count,
        perConversation: count / conversations,
      });
      const apart = await send(lab, sandbox, prefix, workers, {
        what: `round ${round}: each message in a conversation of its own`,
        count,
        perConversation: 1,
      });
      rounds.inOrder.push(inOrder);
      rounds.apart.push(apart);
    }
    // No process of these rounds takes time from those that follow.
    await Promise.all(workers.map((worker) => worker.stop()));
    await lab.clear();
    const [inOrder, apart] = [typical(rounds.inOrder), typical(rounds.apart)];
    return {
      figures: [
        {
          what: 'messages in conversations',
          ours: inOrder.perSecond,
          reference: apart.perSecond,
          against: 'the same without lanes',
          unit: 'messages/s',
          target: { atLeast: 0.85 },
        },
        ...(await besideGroupmq(lab)),
      ],
      details: { outOfOrder: inOrder.outOfOrder, inOrder, apart },
    };
  },
};

/** Medians of the costs, and all messages that were out of order or came again. */
function typical(runs: readonly Run[]): Run {
  const middle = (name: keyof Run) => median(runs.map((run) => run[name]));
  const all = (name: keyof Run) => runs.reduce((sum, run) => sum + run[name], 0);
  return {
    perSecond: middle('perSecond'),
    outOfOrder: all('outOfOrder'),
    duplicates: all('duplicates'),
    workerUs: middle('workerUs'),
    redisUs: middle('redisUs'),
  };
}

interface Batch {
  readonly what: string;
  readonly count: number;
  readonly perConversation: number;
}

async function send(
  lab: Lab,
  sandbox: BenchSandbox,
  prefix: string,
  workers: readonly Child[],
  { what, count, perConversation }: Batch,
): Promise<Run> {
  lab.say(`${what}: ${count} messages`);
  await using queue = openQueue(lab, prefix);
  await sandbox.reset();
  await sandbox.setFaults(FAULTS);
  await queue.pause();
  await using producer = openProducer(lab, prefix);
  const tenantIds = TENANTS.map(({ id }) => id);
  await producer.enqueueMany('message-transmission', messages({ count, tenantIds, perConversation }));

  const before = await use(lab, workers);
  const startedMs = performance.now();
  await queue.resume();
  let stats = await sandbox.stats();
  while (stats.accepted < count) {
    await sleep(20);
    stats = await sandbox.stats();
  }
  const elapsedMs = performance.now() - startedMs;
  const after = await use(lab, workers);
  return {
    perSecond: Math.round((count * 1000) / elapsedMs),
    outOfOrder: stats.outOfOrder,
    duplicates: stats.duplicates,
    workerUs: Math.round((after.workerUs - before.workerUs) / count),
    redisUs: Math.round((after.timeUs - before.timeUs) / count),
  };
}

function openQueue(lab: Lab, prefix: string): Queue & AsyncDisposable {
  const queue = new Queue('message-transmission', { connection: lab.client, prefix: `${prefix}:{0}` });
  return Object.assign(queue, { [Symbol.asyncDispose]: () => queue.close() });
}

async function use(lab: Lab, workers: readonly Child[]) {
  const workerUs = workers.reduce((sum, { pid }) => sum + processorTimeUs(pid), 0);
  return { ...(await redisUse(lab.client)), workerUs };
}
