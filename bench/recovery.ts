import { setTimeout as sleep } from 'node:timers/promises';
import { type Backend, startBackend } from './backend.ts';
import type { Benchmark } from './benchmark.ts';
import type { Lab } from './lab.ts';
import { messages } from './messages.ts';
import { inHandOf, lastEndMs, startBareTeam, startOurTeam, TENANT_ID, type Team } from './recovery-team.ts';
import { median } from './statistics.ts';

const LONGEST_SECONDS = 20;
const CONVERSATIONS = 1000;
/** Genesys Cloud answers after this time, so that each worker has jobs in hand. */
const ANSWER_MS = 500;
const TICK_MS = 50;
const LOOK_AGAIN_MS = 50;
/** How long the jobs may take after the kill. The load goes on for this time at most. */
const PATIENCE_MS = 180_000;

/** The kill of one worker. */
interface Kill {
  /** From the kill to the end of the last job that the dead worker had in hand. */
  readonly seconds: number;
  /** The jobs that the dead worker had in hand. */
  readonly inHand: number;
  /** Messages of the whole round that did not arrive. */
  readonly lost: number;
  /** Messages of the whole round that arrived again. */
  readonly repeats: number;
}

/** Shows how long the jobs of a dead worker wait for another one. */
export const recovery: Benchmark = {
  name: 'recovery',
  summary: 'kill -9 of one of three workers with default settings, under a load of 300 messages a second',

  async run(lab) {
    const kills = { ours: [] as Kill[], bare: [] as Kill[] };
    for (let round = 1; round <= lab.rounds(3); round++) {
      kills.ours.push(await killOne(lab, round, startOurTeam));
      kills.bare.push(await killOne(lab, round, startBareTeam));
    }
    const seconds = (of: readonly Kill[]) => median(of.map((kill) => kill.seconds));
    const shared = { what: 'the last job of the dead worker', ours: seconds(kills.ours), unit: 's' };
    return {
      figures: [
        {
          ...shared,
          reference: LONGEST_SECONDS,
          against: `${LONGEST_SECONDS} seconds`,
          target: { atMost: 1 },
        },
        {
          ...shared,
          reference: seconds(kills.bare),
          against: 'bare BullMQ workers and undici',
        },
      ],
      details: {
        inHand: median(kills.ours.map(({ inHand }) => inHand)),
        lost: sum(kills.ours, 'lost'),
        repeats: sum(kills.ours, 'repeats'),
        kills,
      },
    };
  },
};

async function killOne(
  lab: Lab,
  round: number,
  start: (lab: Lab, backend: Backend) => Promise<Team>,
): Promise<Kill> {
  const backend = await startBackend(lab);
  backend.delay(lab.pick(ANSWER_MS, ANSWER_MS / 2));
  const team = await start(lab, backend);
  const [victim, ...others] = team.workers;
  if (!victim) throw new TypeError('no worker');
  backend.record();
  const perSecond = lab.pick(300, 100);
  const flowing = backend.expect(perSecond * lab.pick(5, 1));
  await using load = startLoad(team, perSecond);
  await Promise.race([flowing, load.failed]);
  while ((await inHandOf(team, lab, victim)).length === 0) await sleep(LOOK_AGAIN_MS);

  lab.say(`round ${round}: ${team.name}, the kill`);
  const killedMs = Date.now();
  await victim.kill();
  // Commands that the worker has sent may still be on their way to Redis.
  await sleep(LOOK_AGAIN_MS);
  const inHand = await inHandOf(team, lab, victim);
  const deadlineMs = killedMs + PATIENCE_MS;
  const endMs = await lastEndMs(team, lab, inHand, deadlineMs);
  const sent = await load.stop();
  const { lost, repeats } = await countArrivals(backend, sent, deadlineMs);
  await Promise.all(others.map((worker) => worker.stop()));
  await lab.clear();
  return { seconds: (endMs - killedMs) / 1000, inHand: inHand.length, lost, repeats };
}

/** A producer at a steady rate. */
interface Load extends AsyncDisposable {
  /** Rejects when a message cannot be enqueued. */
  readonly failed: Promise<never>;
  /** @returns the ids of all its jobs */
  stop(): Promise<string[]>;
}

function startLoad(team: Team, perSecond: number): Load {
  const perTick = (perSecond * TICK_MS) / 1000;
  const count = (perSecond * 2 * PATIENCE_MS) / 1000;
  const all = [...messages({ count, tenantIds: [TENANT_ID], perConversation: count / CONVERSATIONS })];
  const sent: string[] = [];
  let isOver = false;
  const sending = (async () => {
    const startMs = performance.now();
    for (let tick = 0; !isOver; tick++) {
      await sleep(Math.max(0, startMs + tick * TICK_MS - performance.now()));
      sent.push(...(await team.enqueue(all.slice(tick * perTick, (tick + 1) * perTick))));
    }
  })();
  const failed = new Promise<never>((_, reject) => void sending.catch(reject));
  failed.catch(() => {});
  const stop = async () => {
    isOver = true;
    await sending;
    return sent;
  };
  return { failed, stop, [Symbol.asyncDispose]: async () => void (await stop().catch(() => {})) };
}

/** Waits until every message has arrived, until the deadline at most. */
async function countArrivals(
  backend: Backend,
  sent: readonly string[],
  deadlineMs: number,
): Promise<Pick<Kill, 'lost' | 'repeats'>> {
  for (;;) {
    const arrivals = await backend.arrivals();
    const arrived = new Set(arrivals.map(([, jobId]) => jobId));
    const lost = sent.filter((jobId) => !arrived.has(jobId)).length;
    if (lost === 0 || Date.now() > deadlineMs) return { lost, repeats: arrivals.length - arrived.size };
    await sleep(LOOK_AGAIN_MS * 10);
  }
}

function sum(kills: readonly Kill[], name: 'lost' | 'repeats'): number {
  return kills.reduce((total, kill) => total + kill[name], 0);
}
