import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startBackend } from './backend.ts';
import type { Benchmark } from './benchmark.ts';
import { type Candidate, openBare, openOurs, TENANT_IDS } from './candidates.ts';
import type { Lab } from './lab.ts';
import { messages } from './messages.ts';
import { commandUse } from './processor-time.ts';
import { readSteps } from './profile-steps.ts';

/** The messages of one conversation, as in the sample data. */
const PER_CONVERSATION = 4;

/** µs of a message by step, and by command of Redis. */
interface Costs {
  readonly worker: Readonly<Record<string, number>>;
  /** The script has the time of its commands too. */
  readonly redis: Readonly<Record<string, string>>;
  readonly workerUs: number;
  readonly commands: number;
}

/** Where the processor time of one message goes, beside a bare worker with undici. */
export const profile: Benchmark = {
  name: 'profile',
  summary: 'the processor time of a message by step: worker by --cpu-prof, Redis by INFO commandstats',

  async run(lab) {
    const ours = await costsOf(lab, 'ours');
    const bare = await costsOf(lab, 'undici');
    const against = 'bare BullMQ worker and undici';
    return {
      figures: [
        {
          what: 'worker',
          ours: ours.workerUs,
          reference: bare.workerUs,
          against,
          unit: 'µs/message',
          target: { atMost: 2 },
        },
        {
          what: 'Redis',
          ours: ours.commands,
          reference: bare.commands,
          against,
          unit: 'commands/message',
          target: { atMost: 50 / 28 },
        },
      ],
      details: { worker: ours.worker, bareWorker: bare.worker, redis: ours.redis, bareRedis: bare.redis },
    };
  },
};

async function costsOf(lab: Lab, name: 'ours' | 'undici'): Promise<Costs> {
  const folder = join(lab.folder, name);
  await mkdir(folder);
  const nodeOptions = ['--cpu-prof', `--cpu-prof-dir=${folder}`, '--cpu-prof-interval=500'];
  const profiled = { ...lab, nodeOptions: [...lab.nodeOptions, ...nodeOptions] };
  const backend = await startBackend(lab);
  const candidate =
    name === 'ours'
      ? await openOurs(profiled, backend, lab.prefix())
      : await openBare(profiled, backend, 'undici');
  const count = lab.pick(20_000, 1000);
  lab.say(`${name}, ${count} messages in conversations of ${PER_CONVERSATION}`);
  const redis = await deliver(lab, candidate, count, (total) => backend.expect(total));
  await candidate.worker.stop();
  const steps = await readSteps((await readdir(folder)).map((file) => join(folder, file)));
  const worker = [...steps].map(([step, us]) => [step, us / count] as const).sort(([, a], [, b]) => b - a);
  return {
    worker: Object.fromEntries(worker.map(([step, us]) => [step, Number(us.toFixed(1))])),
    workerUs: worker.reduce((sum, [, us]) => sum + us, 0),
    ...redis,
  };
}

/** Fills the paused queue first, so that Redis and the worker are measured while they send. */
async function deliver(
  lab: Lab,
  { queue, fill }: Candidate,
  count: number,
  expect: (total: number) => Promise<unknown>,
): Promise<Pick<Costs, 'redis' | 'commands'>> {
  await queue.pause();
  await fill(messages({ count, tenantIds: TENANT_IDS, perConversation: PER_CONVERSATION }));
  await lab.client.config('RESETSTAT');
  const passing = expect(count);
  await queue.resume();
  await passing;
  const used = await commandUse(lab.client);
  const rows = [...used].sort(([, a], [, b]) => b.timeUs - a.timeUs);
  return {
    redis: Object.fromEntries(
      rows.map(([name, { calls, timeUs }]) => [
        name,
        `${(calls / count).toFixed(2)} × = ${(timeUs / count).toFixed(1)} µs`,
      ]),
    ),
    commands: rows.reduce((sum, [, { calls }]) => sum + calls, 0) / count,
  };
}
