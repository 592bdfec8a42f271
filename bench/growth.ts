import { type Backend, startBackend } from './backend.ts';
import type { Benchmark } from './benchmark.ts';
import type { Measured } from './figure.ts';
import type { Lab } from './lab.ts';
import { messages } from './messages.ts';
import { openProducer, startWorkers } from './our-worker.ts';
import { processorTimeUs, redisUse } from './processor-time.ts';
import { median } from './statistics.ts';
import { type BenchTenant, configure, writeTenants } from './tenants.ts';

/** The rate of all tenants together, at each size. One worker reaches it easily. */
const PER_SECOND = 1000;

/** The number of jobs and of tenants. */
interface Size {
  /** The jobs that still wait at the end of the measurement. */
  readonly backlog: number;
  readonly tenants: number;
}

/** Processor time for one job, µs. */
interface Cost extends Size {
  readonly redisUs: number;
  readonly workerUs: number;
  readonly commands: number;
}

/** Shows whether a job costs more with a longer backlog or with more tenants. */
export const growth: Benchmark = {
  name: 'growth',
  summary: 'processor time for one job at backlogs of 1,000 to 1,000,000 jobs, and of 1 to 10,000 tenants',

  async run(lab) {
    const backlogs = lab.pick([1000, 10_000, 100_000, 1_000_000], [100, 1000]);
    const tenants = lab.pick([1, 100, 10_000], [1, 10]);
    const byBacklog: Cost[] = [];
    for (const backlog of backlogs) byBacklog.push(await measure(lab, { backlog, tenants: 1 }));
    const byTenants: Cost[] = [];
    for (const count of tenants) {
      byTenants.push(await measure(lab, { backlog: lab.pick(100_000, 200), tenants: count }));
    }
    return {
      figures: [
        ...compare(byBacklog, ({ backlog }) => `backlog ${backlog.toLocaleString('en-US')}`),
        ...compare(byTenants, ({ tenants: count }) => `tenants ${count.toLocaleString('en-US')}`),
      ],
      details: { byBacklog, byTenants },
    };
  },
};

/** Compares the largest size with the smallest. */
function compare(costs: readonly Cost[], describe: (cost: Cost) => string): Measured[] {
  const [smallest] = costs;
  const largest = costs.at(-1);
  if (!smallest || !largest) throw new TypeError('nothing to compare');
  const shared = { against: describe(smallest), unit: 'µs/job', target: { atMost: 1.1 } };
  const what = describe(largest);
  return [
    { what: `Redis, ${what}`, ours: largest.redisUs, reference: smallest.redisUs, ...shared },
    { what: `worker, ${what}`, ours: largest.workerUs, reference: smallest.workerUs, ...shared },
  ];
}

async function measure(lab: Lab, size: Size): Promise<Cost> {
  const stretch = lab.pick(3000, 100);
  const stretches = lab.pick(5, 1);
  // In the warm-up each tenant gets its token, and V8 compiles the code.
  const warmUp = size.tenants + lab.pick(3000, 100);
  const tenants: BenchTenant[] = Array.from({ length: size.tenants }, (_, index) => ({
    id: `tenant-${index}`,
    limit: { capacity: 1, ratePerSecond: PER_SECOND / size.tenants },
  }));
  const backend = await startBackend(lab);
  const prefix = lab.prefix();
  await configure(lab, prefix, tenants);
  const count = size.backlog + warmUp + stretch * stretches;
  lab.say(`${size.backlog} waiting, ${size.tenants} tenants: enqueueing ${count} messages`);
  {
    await using producer = openProducer(lab, prefix);
    const tenantIds = tenants.map(({ id }) => id);
    const entries = messages({ count, tenantIds, perConversation: 4 });
    await producer.enqueueMany('message-transmission', entries);
  }

  const warm = backend.expect(warmUp);
  const tenantsFile = await writeTenants(lab, backend.url, tenants);
  const [worker] = await startWorkers(lab, { prefix, tenantsFile });
  await warm;
  lab.say('measuring');
  const costs: Awaited<ReturnType<typeof measureStretch>>[] = [];
  for (let each = 0; each < stretches; each++) {
    costs.push(await measureStretch(lab, backend, worker?.pid ?? 0, stretch));
  }
  await worker?.stop();
  await lab.clear();
  const middle = (name: 'redisUs' | 'workerUs' | 'commands') =>
    Number(median(costs.map((cost) => cost[name])).toFixed(1));
  return {
    ...size,
    redisUs: middle('redisUs'),
    workerUs: middle('workerUs'),
    commands: middle('commands'),
  };
}

async function measureStretch(lab: Lab, backend: Backend, pid: number, count: number) {
  const passing = backend.expect(count);
  const before = { ...(await redisUse(lab.client)), workerUs: processorTimeUs(pid) };
  await passing;
  const after = { ...(await redisUse(lab.client)), workerUs: processorTimeUs(pid) };
  return {
    redisUs: (after.timeUs - before.timeUs) / count,
    workerUs: (after.workerUs - before.workerUs) / count,
    commands: (after.commands - before.commands) / count,
  };
}
