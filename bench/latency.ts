import { setTimeout as sleep } from 'node:timers/promises';
import { type Backend, nowMs, startBackend } from './backend.ts';
import type { Benchmark } from './benchmark.ts';
import { type Candidate, openBare, openOurs, TENANT_IDS } from './candidates.ts';
import type { Measured } from './figure.ts';
import type { Lab } from './lab.ts';
import { messages } from './messages.ts';
import { median, percentile } from './statistics.ts';

/** The system rests for this time before each message. */
const REST_MS = 20;

/** The times of one round, from the call of the producer to the arrival at Genesys Cloud, in ms. */
interface Round {
  readonly p50: number;
  readonly p99: number;
}

/** The time that one message needs on an idle system. */
export const latency: Benchmark = {
  name: 'latency',
  summary: '1,000 messages, one at a time on an idle system, each in a conversation of its own',

  async run(lab) {
    const backend = await startBackend(lab);
    const ours = await openOurs(lab, backend, lab.prefix());
    const bare = await openBare(lab, backend, 'undici');
    const rounds = { ours: [] as Round[], bare: [] as Round[] };
    // Round 0 is the warm-up.
    for (let round = 0; round <= lab.rounds(5); round++) {
      const measured = {
        ours: await runRound(lab, backend, ours, round),
        bare: await runRound(lab, backend, bare, round),
      };
      if (round === 0) continue;
      rounds.ours.push(measured.ours);
      rounds.bare.push(measured.bare);
    }

    const compare = (name: keyof Round): Measured => ({
      what: `${name} of one message`,
      ours: median(rounds.ours.map((round) => round[name])),
      reference: median(rounds.bare.map((round) => round[name])),
      against: 'bare BullMQ worker and undici',
      unit: 'ms',
    });
    return { figures: [compare('p50'), compare('p99')], details: { rounds } };
  },
};

async function runRound(lab: Lab, backend: Backend, candidate: Candidate, round: number): Promise<Round> {
  const count = lab.pick(200, 20);
  lab.say(`round ${round}: ${candidate.name}, ${count} messages one at a time`);
  const delays: number[] = [];
  for (const message of messages({ count, tenantIds: TENANT_IDS, perConversation: 1 })) {
    const arriving = backend.expect(1);
    await sleep(REST_MS);
    const sentMs = nowMs();
    await candidate.send(message);
    const { lastMs } = await arriving;
    delays.push(lastMs - sentMs);
  }
  return { p50: percentile(delays, 0.5), p99: percentile(delays, 0.99) };
}
