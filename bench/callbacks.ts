import { setTimeout as sleep } from 'node:timers/promises';
import { Queue } from 'bullmq';
import type { Envelope } from '../src/jobs/envelope.ts';
import { type Backend, startBackend } from './backend.ts';
import { openBareQueue, startBareWorker } from './bare-queue.ts';
import type { Benchmark } from './benchmark.ts';
import { TENANT_IDS } from './candidates.ts';
import type { Child } from './child.ts';
import type { Lab } from './lab.ts';
import { messages } from './messages.ts';
import { openProducer, startWorkers } from './our-worker.ts';
import { processorTimeUs, redisUse } from './processor-time.ts';
import { median } from './statistics.ts';
import { UNLIMITED, writeTenants } from './tenants.ts';

const LOOK_AGAIN_MS = 50;
/** The most jobs that one call of `addBulk` adds, or that one call of `getJobs` reads. */
const BATCH = 1000;

/** The speed of one round, and the cost of one callback. */
interface Round {
  readonly perSecond: number;
  readonly workerUs: number;
  readonly redisUs: number;
  readonly commands: number;
}

/** One way to send callbacks: a running worker, and its queue of callbacks. */
interface Sender {
  readonly worker: Child;
  readonly queue: Queue;
}

/** The speed of callbacks to one receiver that answers at once. */
export const callbacks: Benchmark = {
  name: 'callbacks',
  summary: '10,000 callbacks of delivered messages, one worker process, one fast receiver',

  async run(lab) {
    const genesys = await startBackend(lab);
    const receiver = await startBackend(lab);
    const { ours, deliver } = await openOurs(lab, genesys, receiver);
    const references = {
      ky: await openBare(lab, receiver, 'ky'),
      undici: await openBare(lab, receiver, 'undici'),
    };
    const rounds = { ours: [] as Round[], ky: [] as Round[], undici: [] as Round[] };
    for (let round = 1; round <= lab.rounds(5); round++) {
      lab.say(`round ${round}: ours`);
      await ours.queue.pause();
      const jobs = await deliver();
      rounds.ours.push(await drain(lab, receiver, ours));
      for (const http of ['ky', 'undici'] as const) {
        lab.say(`round ${round}: bare with ${http}`);
        const { queue } = references[http];
        await queue.pause();
        for (let at = 0; at < jobs.length; at += BATCH) await queue.addBulk(jobs.slice(at, at + BATCH));
        rounds[http].push(await drain(lab, receiver, references[http]));
      }
    }

    const rate = (measured: readonly Round[]) => median(measured.map(({ perSecond }) => perSecond));
    const measured = { what: 'one process, one receiver', ours: rate(rounds.ours), unit: 'callbacks/s' };
    const perCallback = Object.fromEntries(Object.entries(rounds).map(([who, each]) => [who, average(each)]));
    return {
      figures: [
        {
          ...measured,
          reference: rate(rounds.undici),
          against: 'bare BullMQ worker and undici',
          target: { atLeast: 0.5 },
        },
        // Callbacks go through ky, and no worker with ky can be faster than this one.
        { ...measured, reference: rate(rounds.ky), against: 'bare BullMQ worker and ky' },
      ],
      details: { perCallback },
    };
  },
};

/** The limit of calls to one endpoint is that of a worker with default settings. */
async function openOurs(lab: Lab, genesys: Backend, receiver: Backend) {
  const prefix = lab.prefix();
  const callbackUrl = `${receiver.url}/callbacks`;
  // All callbacks go to the endpoint of one tenant.
  const [id] = TENANT_IDS;
  const tenantsFile = await writeTenants(lab, genesys.url, [{ id, limit: UNLIMITED, callbackUrl }]);
  const [worker] = await startWorkers(lab, { prefix, tenantsFile, env: { WORKER_CONCURRENCY: '1000' } });
  if (!worker) throw new TypeError('no worker');
  const producer = lab.keep(openProducer(lab, prefix));
  const queue = new Queue('webhook-delivery', { connection: lab.client, prefix: `${prefix}:{0}` });

  /** Delivers messages while the queue is paused. @returns their callbacks, as the bare queue takes them */
  const deliver = async () => {
    const count = warmUpOf(lab) + countOf(lab);
    const entries = messages({ count, tenantIds: [id], perConversation: 4 });
    await producer.enqueueMany('message-transmission', entries);
    while ((await queue.count()) < count) await sleep(LOOK_AGAIN_MS);
    const jobs: { name: string; data: Envelope }[] = [];
    for (let at = 0; at < count; at += BATCH) {
      // Those without a permit are delayed, until an act of a worker grants them one.
      const waiting = await queue.getJobs(['waiting', 'delayed'], at, at + BATCH - 1, true);
      jobs.push(...waiting.map(({ data }) => ({ name: 'callback', data })));
    }
    if (jobs.length !== count) throw new Error(`${jobs.length} of ${count} callbacks wait`);
    return jobs;
  };
  return { ours: { worker, queue }, deliver };
}

async function openBare(lab: Lab, receiver: Backend, http: 'ky' | 'undici'): Promise<Sender> {
  const prefix = lab.prefix();
  const apiUrl = `${receiver.url}/callbacks`;
  const worker = await startBareWorker(lab, { prefix, apiUrl, http, posts: 'events' });
  return { worker, queue: lab.keep(openBareQueue(lab, prefix)) };
}

/** Lets the waiting callbacks go, so that the round measures callbacks alone. */
async function drain(lab: Lab, receiver: Backend, { worker, queue }: Sender): Promise<Round> {
  const [warmUp, count] = [warmUpOf(lab), countOf(lab)];
  const use = async () => ({ ...(await redisUse(lab.client)), workerUs: processorTimeUs(worker.pid) });
  const before = await use();
  const passing = receiver.expect(warmUp + count, warmUp);
  await queue.resume();
  const { warmMs, lastMs } = await passing;
  const after = await use();
  return {
    perSecond: (count * 1000) / (lastMs - warmMs),
    workerUs: (after.workerUs - before.workerUs) / (warmUp + count),
    redisUs: (after.timeUs - before.timeUs) / (warmUp + count),
    commands: (after.commands - before.commands) / (warmUp + count),
  };
}

function warmUpOf(lab: Lab): number {
  return lab.pick(1000, 50);
}

function countOf(lab: Lab): number {
  return lab.pick(10_000, 200);
}

function average(rounds: readonly Round[]): Round {
  const of = (name: keyof Round) => Number(median(rounds.map((round) => round[name])).toFixed(1));
  return {
    perSecond: of('perSecond'),
    workerUs: of('workerUs'),
    redisUs: of('redisUs'),
    commands: of('commands'),
  };
}
