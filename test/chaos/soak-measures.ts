import { readdirSync, readFileSync } from 'node:fs';
import { parseExposition } from '../support/exposition.ts';
import type { TestProcess } from '../support/processes.ts';
import type { Measures } from './soak-report.ts';
import type { Stage } from './stage.ts';

const PAGE_BYTES = 4096;
const MEGABYTE = 2 ** 20;
/** The logs of attempts, behind the prefix. */
const ATTEMPTS = '*:attempts:*';

/** Measures all workers and Redis. Needs `/proc`. */
export async function measure(stage: Stage): Promise<Measures> {
  const workers = stage.crew.living();
  const delays = await Promise.all(workers.map(eventLoopDelayMs));
  return {
    workerRss: mean(workers.map(({ pid }) => residentBytes(pid))) / MEGABYTE,
    redisMemory: (await redisBytes(stage)) / MEGABYTE,
    workerHandles: mean(workers.map(({ pid }) => readdirSync(`/proc/${pid}/fd`).length)),
    eventLoopDelay: mean(delays),
  };
}

function residentBytes(pid: number): number {
  const [, pages] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ');
  return Number(pages) * PAGE_BYTES;
}

/** The worker measures it from one call to the next. */
async function eventLoopDelayMs(worker: TestProcess): Promise<number> {
  const { metrics } = JSON.parse(await worker.line(/"worker started"/)) as { metrics: string };
  const scraped = parseExposition(await (await fetch(metrics)).text());
  return (scraped.get('nodejs_eventloop_lag_p99_seconds')?.samples[0]?.value ?? 0) * 1000;
}

async function redisBytes({ system: { client } }: Stage): Promise<number> {
  return Number(/^used_memory:(\d+)/m.exec(await client.info('memory'))?.[1]);
}

/**
 * Makes Redis forget the attempts of delivered callbacks after this time, as a setting does for the
 * ledger. Redis keeps them for a day: a soak would see them grow to its end.
 */
export async function shortenAttempts({ system: { client, redis } }: Stage, keptMs: number): Promise<void> {
  let cursor = '0';
  do {
    const [next, keys] = await client.scan(cursor, 'MATCH', `${redis.prefix}${ATTEMPTS}`, 'COUNT', 10_000);
    cursor = next;
    const lives = await Promise.all(keys.map((key) => client.pttl(key)));
    await Promise.all(
      keys.filter((_, index) => (lives[index] ?? 0) > keptMs).map((key) => client.pexpire(key, keptMs)),
    );
  } while (cursor !== '0');
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
