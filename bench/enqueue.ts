import { addInBulk, openBareQueue } from './bare-queue.ts';
import type { Benchmark } from './benchmark.ts';
import type { Lab } from './lab.ts';
import { messages } from './messages.ts';
import { openProducer } from './our-worker.ts';
import { redisUse } from './processor-time.ts';
import { median } from './statistics.ts';
import { type BenchTenant, configure, UNLIMITED } from './tenants.ts';

/** The batches of our producer. */
const BATCHES = { batchSize: 250, batchesAtOnce: 4 };
const PER_CONVERSATION = 4;
const TENANT_IDS = ['acme', 'globex', 'initech'];

interface Round {
  readonly perSecond: number;
  readonly redisUs: number;
}

/** The speed of a producer. */
export const enqueue: Benchmark = {
  name: 'enqueue',
  summary: '100,000 messages through enqueueMany',

  async run(lab) {
    const limited = TENANT_IDS.map((id) => ({ id, limit: { capacity: 100, ratePerSecond: 100 } }));
    const unlimited = TENANT_IDS.map((id) => ({ id, limit: UNLIMITED }));
    const rounds = { limited: [] as Round[], unlimited: [] as Round[], bare: [] as Round[] };
    // Round 0 is the warm-up.
    for (let round = 0; round <= lab.rounds(5); round++) {
      const measured = {
        limited: await ours(lab, round, 'rate-limited tenants', limited),
        bare: await bare(lab, round),
        unlimited: await ours(lab, round, 'unlimited tenants', unlimited),
      };
      if (round === 0) continue;
      rounds.limited.push(measured.limited);
      rounds.unlimited.push(measured.unlimited);
      rounds.bare.push(measured.bare);
    }

    const rate = (measured: readonly Round[]) => median(measured.map(({ perSecond }) => perSecond));
    const reference = { reference: rate(rounds.bare), against: 'bare addBulk', unit: 'jobs/s' };
    return {
      figures: [
        { what: 'rate-limited tenants', ours: rate(rounds.limited), ...reference, target: { atLeast: 0.75 } },
        // Each conversation gets its reservation at once, and its first job wakes at once.
        { what: 'unlimited tenants', ours: rate(rounds.unlimited), ...reference },
      ],
      details: {
        redisUsPerJob: Object.fromEntries(
          Object.entries(rounds).map(([name, measured]) => [
            name,
            Number(median(measured.map(({ redisUs }) => redisUs)).toFixed(1)),
          ]),
        ),
      },
    };
  },
};

async function ours(lab: Lab, round: number, what: string, tenants: readonly BenchTenant[]): Promise<Round> {
  const prefix = lab.prefix();
  await configure(lab, prefix, tenants);
  await using producer = openProducer(lab, prefix);
  // This job connects the producer and loads the scripts.
  await producer.enqueueMany('message-transmission', input(1));
  return await time(lab, `round ${round}: ours, ${what}`, async (entries) => {
    await producer.enqueueMany('message-transmission', entries);
  });
}

async function bare(lab: Lab, round: number): Promise<Round> {
  await using queue = openBareQueue(lab, lab.prefix());
  await addInBulk(queue, input(1), BATCHES);
  return await time(lab, `round ${round}: bare`, (entries) => addInBulk(queue, entries, BATCHES));
}

async function time(
  lab: Lab,
  what: string,
  add: (entries: ReturnType<typeof messages>) => Promise<void>,
): Promise<Round> {
  const count = lab.pick(100_000, 1000);
  lab.say(`${what}, ${count} jobs`);
  const before = await redisUse(lab.client);
  const startedMs = performance.now();
  await add(input(count));
  const elapsedMs = performance.now() - startedMs;
  const after = await redisUse(lab.client);
  await lab.clear();
  return { perSecond: (count * 1000) / elapsedMs, redisUs: (after.timeUs - before.timeUs) / count };
}

function input(count: number) {
  return messages({ count, tenantIds: TENANT_IDS, perConversation: PER_CONVERSATION });
}
