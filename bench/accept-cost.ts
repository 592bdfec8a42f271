/**
 * What Redis does to accept one job and to insert it into its queue: commands and µs, by INFO
 * commandstats, on a Redis of its own.
 *
 *   node bench/accept-cost.ts [jobs] [rounds]
 *
 * One tenant, and a conversation for every ten jobs. Each round has the jobs in batches of 100, as
 * `enqueueMany` sends them, and then one by one, as `enqueue` does.
 */
import { createFlow, type Flow } from '../src/flow/flow.ts';
import type { JobRef } from '../src/flow/job-ref.ts';
import { createRedis, type RedisClient } from '../src/redis/connect.ts';
import { createKeys } from '../src/redis/keys.ts';
import { openLocalRedis } from '../src/redis/local-server.ts';

const [jobs = 20_000, rounds = 3] = process.argv.slice(2).map(Number);
const JOBS_PER_CONVERSATION = 10;
const DATA = JSON.stringify({ tenantId: 'acme', payload: { text: 'x'.repeat(200) } });
/** Commands around the script, and not in it. */
const AROUND = new Set([
  'evalsha',
  'multi',
  'exec',
  'info',
  'config|resetstat',
  'script|load',
  'script|exists',
  'config',
]);

await using server = await openLocalRedis();
const client = createRedis({ url: server.url, role: 'worker' });
for (let round = 1; round <= rounds; round++) {
  for (const batch of [100, 1]) {
    await client.flushall();
    const { commands, micros, bytes } = await measure(client, batch);
    console.log(
      `round ${round}, batches of ${batch}: ${commands.toFixed(2)} commands, ${micros.toFixed(1)} µs, ${bytes.toFixed(0)} bytes per job`,
    );
  }
}
client.disconnect();

async function measure(redis: RedisClient, batchSize: number) {
  const flow = createFlow({
    client: redis,
    keys: createKeys('cost', 1),
    requestMs: 18_000,
    ledgerTtlMs: 604_800_000,
  });
  await flow.configure({ tenantId: 'acme', bucketClass: 'messages' }, { capacity: 100, ratePerSecond: 100 });
  await acceptAll(flow, refs('warm', 100), batchSize);
  const before = await memory(redis);
  await redis.config('RESETSTAT');
  await acceptAll(flow, refs('j', jobs), batchSize);
  const stats = await commandStats(redis);
  const nested = [...stats].filter(([name]) => !AROUND.has(name));
  return {
    commands: nested.reduce((sum, [, { calls }]) => sum + calls, 0) / jobs,
    micros: (stats.get('evalsha')?.usec ?? 0) / jobs,
    bytes: ((await memory(redis)) - before) / jobs,
  };
}

function refs(prefix: string, count: number): JobRef[] {
  return Array.from({ length: count }, (_, index) => ({
    kind: 'message-transmission',
    tenantId: 'acme',
    jobId: `${prefix}${String(index).padStart(32, '0')}`,
    lane: `${prefix}-00000000-0000-4000-8000-${String(Math.floor(index / JOBS_PER_CONVERSATION)).padStart(12, '0')}`,
    urgent: false,
    isPart: false,
  }));
}

async function acceptAll(flow: Flow, all: JobRef[], size: number) {
  for (let at = 0; at < all.length; at += size) {
    const jobs = all.slice(at, at + size).map((ref) => ({ ref, name: 'text', data: DATA }));
    await flow.accept({ kind: 'message-transmission', jobs, options: '{}', call: 'cost' });
  }
}

async function commandStats(redis: RedisClient): Promise<Map<string, { calls: number; usec: number }>> {
  const lines = (await redis.info('commandstats')).split('\r\n');
  return new Map(
    lines.flatMap((line) => {
      const [, name = '', calls, usec] = /^cmdstat_([^:]+):calls=(\d+),usec=(\d+)/.exec(line) ?? [];
      return name === '' ? [] : [[name, { calls: Number(calls), usec: Number(usec) }] as const];
    }),
  );
}

async function memory(redis: RedisClient): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]);
}
