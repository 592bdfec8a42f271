import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { describeMachine } from '../../bench/machine.ts';
import { type FreezingProxy, openFreezingProxy } from '../support/freezing-proxy.ts';
import provideProgram from '../support/global-program.ts';
import { endFile } from '../support/lifetime.ts';
import type { Fault } from './fault.ts';
import { runRow } from './run-row.ts';
import { measure, shortenAttempts } from './soak-measures.ts';
import {
  KEEPS_LITTLE,
  KEPT_MS,
  LEAST_MINUTES,
  type Moment,
  type SoakReport,
  seriesOf,
} from './soak-report.ts';
import type { Stage } from './stage.ts';
import { dayOf, storeSoak } from './stored-run.ts';

const RATE_PER_SECOND = 50;
const TENANTS = 2;
const LOAD = 0.8;
const SAMPLE_EVERY_MS = 5000;
const MINUTE_MS = 60_000;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
    json: { type: 'boolean', default: false },
    save: { type: 'boolean', default: false },
  },
});
const minutes = Number(values.minutes);
const seed = Number(values.seed);
if (!(minutes >= LEAST_MINUTES) || !Number.isSafeInteger(seed)) {
  console.error(
    `--minutes takes a number from ${LEAST_MINUTES} on, got ${values.minutes}, and --seed a whole number, got ${values.seed}.`,
  );
  process.exit(2);
}
console.error(`soak: ${minutes} minutes, seed ${seed}`);
const moments: Moment[] = [];

const SOAK: Fault = {
  name: 'soak',
  group: 0,
  what: 'Small random faults.',
  full: { rounds: 1, replicas: 2, perSecond: LOAD * TENANTS * RATE_PER_SECOND },
  ratePerSecond: RATE_PER_SECOND,
  settings: { ...KEEPS_LITTLE, METRICS_PORT: '0', REQUEST_TIMEOUT: '10s', LOCK_DURATION: '30s' },
  async prepare(stage) {
    const proxy = await openFreezingProxy(stage.redis.url);
    stage.workerEnvironment['REDIS_URL'] = proxy.url;
    return async () => {
      const endMs = Date.now() + minutes * MINUTE_MS;
      let faults = 0;
      while (Date.now() < endMs) {
        faults += await disturb(stage, proxy);
        await sleep(SAMPLE_EVERY_MS);
        await shortenAttempts(stage, KEPT_MS);
        moments.push({ atMs: Date.now(), measures: await measure(stage) });
      }
      await stage.inject({});
      stage.receiver.behave('take');
      return faults;
    };
  },
};

/** One small fault, or the end of the one before. */
async function disturb({ random, inject, receiver }: Stage, proxy: FreezingProxy): Promise<number> {
  receiver.behave('take');
  await inject({});
  const sends = (faults: object) => inject({ 'message.send': faults, 'card.send': faults });
  const acts: (() => unknown)[] = [
    () => sends({ errors: [{ status: 503, rate: 0.02 }] }),
    () => sends({ loseReplyRate: 0.01 }),
    () => sends({ dropRate: 0.01 }),
    () => sends({ latencyMs: { min: 50, max: 300 } }),
    () => receiver.behave({ slowMs: 100 }),
    () => random.chance(0.2) && proxy.freeze(),
  ];
  if (random.chance(0.5)) return 0;
  await random.pick(acts)();
  return 1;
}

await provideProgram();
const row = await runRow(SOAK, { scale: SOAK.full, seed }).finally(() => endFile(true));
const series = seriesOf(moments);
const growing = series.filter(({ isFlat }) => !isFlat).map(({ name }) => `${name} grows`);
const report: SoakReport = {
  minutes,
  jobs: row.accepted,
  faults: row.faults,
  series,
  failures: [...row.failures, ...growing],
};
if (values.save) storeSoak({ ...report, day: dayOf(new Date()) }, await describeMachine());
if (values.json) console.log(JSON.stringify(report));
else {
  console.table(series);
  console.log(report.failures.length === 0 ? 'passed' : report.failures.join('\n'));
}
process.exit(report.failures.length === 0 ? 0 : 1);
