import type { Benchmark } from './benchmark.ts';
import { cancelInBulk } from './bulk-cancel.ts';
import { type Door, startBareDoor, startOurDoor } from './doors.ts';
import type { Measured } from './figure.ts';
import type { Lab } from './lab.ts';
import { type Load, type Passing, startLoad } from './load.ts';
import { longBatch } from './long-batch.ts';
import { median } from './statistics.ts';
import type { BenchTenant } from './tenants.ts';

const LIMIT = { capacity: 100, ratePerSecond: 100 };
const TENANTS: readonly BenchTenant[] = ['acme', 'globex', 'initech'].map((id) => ({ id, limit: LIMIT }));

/** One server in one round: single messages, and a batch. */
interface Round {
  readonly posts: Passing;
  readonly lines: Passing;
}

/** The speed of the HTTP API, its memory in a long batch, and a bulk cancel. */
export const ingest: Benchmark = {
  name: 'ingest',
  summary:
    '20,000 POST /v1/messages, a POST /v1/batch of 100,000 lines and one of 1,000,000, a cancel of 60,000',

  async run(lab) {
    const load = await startLoad(lab);
    const rounds = { ours: [] as Round[], bare: [] as Round[] };
    for (let round = 1; round <= lab.rounds(3); round++) {
      lab.say(`round ${round}: ours`);
      rounds.ours.push(await measure(lab, load, () => startOurDoor(lab, TENANTS)));
      lab.say(`round ${round}: bare`);
      rounds.bare.push(await measure(lab, load, () => startBareDoor(lab)));
    }
    const cancelled = await cancelInBulk(lab, load, TENANTS);
    const memory = await longBatch(lab, load, TENANTS);
    return {
      figures: [
        compare('single posts', rounds, 'posts', 'bare Fastify and add'),
        compare('lines of a batch', rounds, 'lines', 'bare Fastify and addBulk'),
        cancelled,
        memory.figure,
      ],
      details: {
        perPost: { ours: typical(rounds.ours, 'posts'), bare: typical(rounds.bare, 'posts') },
        perLine: { ours: typical(rounds.ours, 'lines'), bare: typical(rounds.bare, 'lines') },
        processorRatio: {
          posts: processorRatio(rounds, 'posts'),
          lines: processorRatio(rounds, 'lines'),
        },
        ...memory.details,
      },
    };
  },
};

/** A new server for each round, with code that V8 has compiled. */
async function measure(lab: Lab, load: Load, start: () => Promise<Door>): Promise<Round> {
  const tenantIds = TENANTS.map(({ id }) => id);
  await using door = await start();
  const send = async (as: 'posts' | 'lines', count: number) =>
    await load.send(door, { as, count, tenantIds });
  await send('posts', lab.pick(5000, 100));
  const posts = await send('posts', lab.pick(20_000, 500));
  await send('lines', lab.pick(20_000, 500));
  const lines = await send('lines', lab.pick(100_000, 2000));
  await lab.clear();
  return { posts, lines };
}

function compare(
  what: string,
  { ours, bare }: Readonly<Record<'ours' | 'bare', readonly Round[]>>,
  as: keyof Round,
  against: string,
): Measured {
  return {
    what,
    ours: typical(ours, as).perSecond,
    reference: typical(bare, as).perSecond,
    against,
    unit: 'jobs/s',
    target: { atLeast: 0.7 },
  };
}

function typical(rounds: readonly Round[], as: keyof Round): Passing {
  const of = (name: keyof Passing) => Number(median(rounds.map((round) => round[as][name])).toFixed(1));
  return {
    perSecond: of('perSecond'),
    doorUs: of('doorUs'),
    redisUs: of('redisUs'),
    commands: of('commands'),
    senderUs: of('senderUs'),
  };
}

/** The same ratio in processor time of server and Redis. Other load on the machine changes it less. */
function processorRatio(
  rounds: Readonly<Record<'ours' | 'bare', readonly Round[]>>,
  as: keyof Round,
): number {
  const cost = ({ doorUs, redisUs }: Passing) => doorUs + redisUs;
  return Number((cost(typical(rounds.bare, as)) / cost(typical(rounds.ours, as))).toFixed(3));
}
