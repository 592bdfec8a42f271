import { loadConfig } from '../config/load.ts';
import { describePlan } from './describe.ts';
import { FIGURES, type Figures } from './figures.ts';
import { type Load, planFor } from './plan.ts';

const WHAT: Readonly<Record<keyof Figures, readonly [what: string, unit: 'µs' | 'bytes' | '']>> = {
  workerUs: ['a worker, for a message', 'µs'],
  redisUs: ['Redis, for a message: acceptance, delivery, end', 'µs'],
  callbackWorkerUs: ['a worker, for a callback', 'µs'],
  callbackRedisUs: ['Redis, for a callback', 'µs'],
  waitingBytes: ['a message that waits, in Redis', 'bytes'],
  keptBytes: ['a delivered message that `KEEP_COMPLETED` keeps, in Redis', 'bytes'],
  ledgerBytes: ['a delivered message after that, in Redis, for `LEDGER_TTL`', 'bytes'],
  bucketBytes: ['a bucket in Redis; a tenant has three', 'bytes'],
  countHashes: ['hashes of counts of a tenant', ''],
  countHashBytes: ['such a hash with one job', 'bytes'],
  fullCountHashBytes: ['such a hash with 6,000 jobs', 'bytes'],
  auditBytes: ['a message in the audit store', 'bytes'],
};

const EXAMPLES: readonly (readonly [title: string, load: Load])[] = [
  ['10 tenants, 20 messages a second', exampleOf(10, 20)],
  ['1,000 tenants, 500 messages a second', exampleOf(1000, 500)],
  ['10,000 tenants, 5,000 messages a second', exampleOf(10_000, 5000)],
];

/** Genesys Cloud answers after 300 ms, each message has a callback, and an hour of messages may wait. */
function exampleOf(tenants: number, ratePerSecond: number): Load {
  return { tenants, ratePerSecond, latencyMs: 300, waiting: 3600 * ratePerSecond, hasCallbacks: true };
}

/** The measured figures, as a table. */
export function renderFigures(): string {
  const rows = Object.entries(FIGURES).map(([name, value]) => {
    const [what, unit] = WHAT[name as keyof Figures];
    return `| ${what} | ${value.toLocaleString('en')}${unit && ` ${unit}`} |`;
  });
  return ['| of | measured |', '| --- | --- |', ...rows].join('\n');
}

/** Plans for some loads with the default settings, one column for each. */
export function renderExamples(): string {
  const settings = loadConfig({});
  const plans = EXAMPLES.map(([, load]) => describePlan(planFor(load, settings, FIGURES), load));
  const rows = (plans[0] ?? []).map(({ what }, index) => {
    const cells = plans.map((plan) => plan[index]?.needed ?? '');
    return `| ${[what, ...cells].join(' | ')} |`;
  });
  const head = ['', ...EXAMPLES.map(([title]) => title)];
  return [`| ${head.join(' | ')} |`, `|${' --- |'.repeat(head.length)}`, ...rows].join('\n');
}

/** What one partition carries beside the largest limits of a tenant. */
export function renderOnePartition(): string {
  const { redis } = planFor(exampleOf(1, 1), loadConfig({}), FIGURES);
  const bare = planFor({ ...exampleOf(1, 1), hasCallbacks: false }, loadConfig({}), FIGURES);
  const rows = [
    ['one partition, messages with callbacks', `${redis.messagesPerSecond.toLocaleString('en')} a second`],
    [
      'one partition, messages without callbacks',
      `${bare.redis.messagesPerSecond.toLocaleString('en')} a second`,
    ],
    ['a tenant of the guest channel, messages', '100 a second'],
    ['a tenant of the guest channel, cards', '100 a minute'],
    ['a tenant of the platform, all requests', '300 a minute'],
  ];
  return ['| what | at most |', '| --- | --- |', ...rows.map((row) => `| ${row.join(' | ')} |`)].join('\n');
}
