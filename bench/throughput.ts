import { type Backend, startBackend } from './backend.ts';
import type { Benchmark } from './benchmark.ts';
import { type Candidate, openBare, openOurs, TENANT_IDS } from './candidates.ts';
import type { Child } from './child.ts';
import type { Lab } from './lab.ts';
import { messages } from './messages.ts';
import { processorTimeUs, redisUse } from './processor-time.ts';
import { median } from './statistics.ts';

/** The messages of one conversation, as in the sample data. */
const PER_CONVERSATION = 4;

/** The speed of one round, and the cost of one message. */
interface Round {
  readonly perSecond: number;
  readonly workerUs: number;
  readonly redisUs: number;
  readonly commands: number;
}

/** The speed of one worker process without an effective rate limit. */
export const throughput: Benchmark = {
  name: 'throughput',
  summary: '20,000 messages without an effective rate limit, one worker process, a bare local HTTP server',

  async run(lab) {
    const backend = await startBackend(lab);
    const prefix = lab.prefix();
    const candidates = [
      await openOurs(lab, backend, prefix),
      await openBare(lab, backend, 'ky'),
      await openBare(lab, backend, 'undici'),
    ];
    const rounds = new Map<string, Round[]>(candidates.map(({ name }) => [name, []]));
    const alone = new Map<string, Round[]>(candidates.map(({ name }) => [name, []]));
    for (let round = 1; round <= lab.rounds(5); round++) {
      for (const candidate of candidates) {
        rounds.get(candidate.name)?.push(await runRound(lab, backend, candidate, round, PER_CONVERSATION));
      }
      // Conversations of one message show the cost of order.
      const [ours] = candidates;
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
          target: { atLeast: 1.2 },
        },
        {
          what: 'one process',
          ours: rate('ours'),
          reference: rate('undici'),
          against: 'bare BullMQ worker and undici',
          unit: 'messages/s',
          target: { atLeast: 0.5 },
        },
      ],
      details: {
        perMessage: Object.fromEntries([...rounds].map(([name, measured]) => [name, average(measured)])),
        ...(!lab.isQuick && { conversationsOfOne: average(alone.get('ours') ?? []) }),
      },
    };
  },
};

/** Fills the paused queue first, so that the round measures sending alone. */
async function runRound(
  lab: Lab,
  backend: Backend,
  candidate: Candidate,
  round: number,
  perConversation: number,
): Promise<Round> {
  const warmUp = lab.pick(2000, 50);
  const count = lab.pick(20_000, 250);
  lab.say(`round ${round}: ${candidate.name}, ${count} messages in conversations of ${perConversation}`);
  await candidate.queue.pause();
  await candidate.fill(messages({ count: warmUp + count, tenantIds: TENANT_IDS, perConversation }));
  const before = await use(lab, candidate.worker);
  const passing = backend.expect(warmUp + count, warmUp);
  await candidate.queue.resume();
  const { warmMs, lastMs } = await passing;
  const after = await use(lab, candidate.worker);
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
