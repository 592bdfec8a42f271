import { setTimeout as sleep } from 'node:timers/promises';
import { startOurDoor } from './doors.ts';
import type { Measured } from './figure.ts';
import type { Lab } from './lab.ts';
import type { Load } from './load.ts';
import { residentBytes } from './processor-time.ts';
import { median } from './statistics.ts';
import type { BenchTenant } from './tenants.ts';

const SAMPLE_EVERY_MS = 100;
/** The heap of Node in a container of 512 MB. With more memory Node collects garbage later. */
const SMALL_HEAP = ['--max-old-space-size=256'];
const MEGABYTE = 1024 * 1024;

/** Measures the memory of the server during one batch of 1,000,000 lines. */
export async function longBatch(
  lab: Lab,
  load: Load,
  tenants: readonly BenchTenant[],
): Promise<{ figure: Measured; details: Record<string, unknown> }> {
  const count = lab.lines ?? lab.pick(1_000_000, 5000);
  const tenantIds = tenants.map(({ id }) => id);
  await using door = await startOurDoor(lab, tenants, SMALL_HEAP);
  await load.send(door, { as: 'lines', count: lab.pick(20_000, 500), tenantIds });
  lab.say(`a batch of ${count} lines`);
  const sending = load.send(door, { as: 'lines', count, tenantIds });
  const samples = await sampleUntil(sending, () => residentBytes(door.pid) / MEGABYTE);
  const { perSecond } = await sending;
  const redisBytes = Number(/^used_memory:(\d+)/m.exec(await lab.client.info('memory'))?.[1]);
  await lab.clear();

  const part = (from: number) => {
    const start = Math.floor(samples.length * from);
    return Math.round(median(samples.slice(start, start + Math.max(1, Math.floor(samples.length / 10)))));
  };
  const [first, middle, last] = [part(0), part(0.45), part(0.9)];
  return {
    figure: {
      what: `server, last tenth of ${count.toLocaleString('en-US')} lines`,
      ours: last,
      reference: first,
      against: 'the first tenth',
      unit: 'MB',
      target: { atMost: 1.25 },
    },
    details: {
      longBatch: {
        lines: count,
        linesPerSecond: Math.round(perSecond),
        serverMegabytes: { first, middle, last, max: Math.round(Math.max(...samples)) },
        redisMegabytes: Math.round(redisBytes / MEGABYTE),
      },
    },
  };
}

/** Takes a first sample at once, and further ones until the work has ended or failed. */
async function sampleUntil(work: Promise<unknown>, sample: () => number): Promise<number[]> {
  const ended = work.then(
    () => true,
    () => true,
  );
  const samples = [sample()];
  while (!(await Promise.race([ended, sleep(SAMPLE_EVERY_MS, false)]))) samples.push(sample());
  return samples;
}
