import { Queue } from 'bullmq';
import { type Backend, startBackend } from './backend.ts';
import { addInBulk, openBareQueue, startBareWorker } from './bare-queue.ts';
import type { Benchmark } from './benchmark.ts';
import type { Child } from './child.ts';
import type { Lab } from './lab.ts';
import { type Message, messages } from './messages.ts';
import { openProducer, startWorkers } from './our-worker.ts';
import { processorTimeUs, redisUse } from './processor-time.ts';
import { median } from './statistics.ts';
import { type BenchTenant, UNLIMITED, writeTenants } from './tenants.ts';

/** Three tenants, as in the sample data. */
const TENANTS: readonly BenchTenant[] = ['acme', 'globex', 'initech'].map((id) => ({ id, limit: UNLIMITED }));

/** Messages of one conversation, as in the sample data. */
const PER_CONVERSATION = 4;

/** One way to send messages: a worker at work, and how its queue is filled. */
interface Lane {
  readonly name: string;
  readonly worker: Child;
  readonly queue: Queue;
  fill(messages: Iterable<Message>): Promise<void>;
}

/** What one message took. */
interface Round {
  readonly perSecond: number;
  readonly workerUs: number;
  readonly redisUs: number;
  readonly commands: number;
}

/** How fast one worker process sends when nothing holds it back. */
export const throughput: Benchmark = {
  name: 'throughput',
  summary: '20,000 messages without an effective rate limit, one worker process, a bare local HTTP server',

  async run(lab) {
    const backend = await startBackend(lab);
    const prefix = lab.prefix();
    const lanes = [
      await ourLane(lab, backend, prefix),
      await bareLane(lab, backend, 'ky'),
      await bareLane(lab, backend, 'undici'),
    ];
    const rounds = new Map<string, Round[]>(lanes.map(({ name }) => [name, []]));
    const alone = new Map<string, Round[]>(lanes.map(({ name }) => [name, []]));
    for (let round = 1; round <= lab.pick(3, 1); round++) {
      for (const lane of lanes) {
        rounds.get(lane.name)?.push(await runRound(lab, backend, lane, round, PER_CONVERSATION));
      }
      // The same messages in conversations of one: what the order within a conversation costs.
      const [ours] = lanes;
      if (ours && !lab.isQuick) alone.get(ours.name)?.push(await runRound(lab, backend, ours, round, 1));
    }

    const rate = (name: string) => median((rounds.get(name) ?? []).map(({ perSecond }) => perSecond));
    return {
      figures: [
        {
          what: 'one process',
          ours: rate('ours'),
          reference: rate('ky'),
          against: 'bare BullMQ worker and ky',
          unit: 'messages/s',
          target: { atLeast: 0.9 },
        },
        {
          what: 'one process',
          ours: rate('ours'),
          reference: rate('undici'),
          against: 'bare BullMQ worker and undici',
          unit: 'messages/s',
        },
      ],
      details: {
        perMessage: Object.fromEntries([...rounds].map(([name, measured]) => [name, average(measured)])),
        ...(!lab.isQuick && { conversationsOfOne: average(alone.get('ours') ?? []) }),
      },
    };
  },
};

async function ourLane(lab: Lab, backend: Backend, prefix: string): Promise<Lane> {
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
  };
}

async function bareLane(lab: Lab, backend: Backend, http: 'ky' | 'undici'): Promise<Lane> {
  const prefix = lab.prefix();
  const worker = await startBareWorker(lab, { prefix, apiUrl: backend.url, http });
  const queue = lab.keep(openBareQueue(lab, prefix));
  return {
    name: http,
    worker,
    queue,
    fill: (entries) => addInBulk(queue, entries, { batchSize: 250, batchesAtOnce: 4 }),
  };
}

/** Fills the queue while it is paused, so that sending alone is measured, and never a start of a process. */
async function runRound(
  lab: Lab,
  backend: Backend,
  lane: Lane,
  round: number,
  perConversation: number,
): Promise<Round> {
  const warmUp = lab.pick(2000, 300);
  const count = lab.pick(20_000, 1000);
  lab.say(`round ${round}: ${lane.name}, ${count} messages in conversations of ${perConversation}`);
  await lane.queue.pause();
  const tenantIds = TENANTS.map(({ id }) => id);
  await lane.fill(messages({ count: warmUp + count, tenantIds, perConversation }));
  const before = await use(lab, lane.worker);
  const passing = backend.expect(warmUp + count, warmUp);
  await lane.queue.resume();
  const { warmMs, lastMs } = await passing;
  const after = await use(lab, lane.worker);
  return {
    perSecond: (count * 1000) / (lastMs - warmMs),
    workerUs: (after.workerUs - before.workerUs) / (warmUp + count),
    redisUs: (after.timeUs - before.timeUs) / (warmUp + count),
    commands: (after.commands - before.commands) / (warmUp + count),
  };
}

async function use(lab: Lab, worker: Child) {
  return { ...(await redisUse(lab.client)), workerUs: processorTimeUs(worker.pid) };
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
