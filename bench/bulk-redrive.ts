/**
 * How long a bulk redrive and a bulk cancel take, on a Redis of its own.
 *
 *   node bench/bulk-redrive.ts [jobs]
 *
 * One tenant, and a conversation for every ten jobs. No worker runs.
 */
import { loadConfig } from '../src/config/load.ts';
import type { BulkProgress } from '../src/queues/bulk.ts';
import { openCore } from '../src/queues/core.ts';
import { createProducer } from '../src/queues/producer.ts';
import { createRedis } from '../src/redis/connect.ts';
import { openLocalRedis } from '../src/redis/local-server.ts';

const KIND = 'message-transmission';
const [jobs = 60_000] = process.argv.slice(2).map(Number);

await using server = await openLocalRedis();
const client = createRedis({ url: server.url, role: 'worker' });
const core = openCore({ client, config: loadConfig({}), onError: console.error });
const producer = createProducer({ redisUrl: server.url });

const ids = await timed('enqueue', enqueueAll);
await timed('make dead letters', () => failAll(ids));
const filter = { tenantId: 'acme' };
await timed('dry run', () => last(core.jobs.retryAll(filter, { dryRun: true })));
await timed('redrive', () => last(core.jobs.retryAll(filter)));
console.log(`lanes in order: ${await areInOrder(ids)}`);
await timed('cancel', () => last(core.jobs.cancelAll(filter)));
await producer.close();
await core.close();

async function timed<Value>(what: string, act: () => Promise<Value>): Promise<Value> {
  const startedMs = performance.now();
  const value = await act();
  const shown = Array.isArray(value) ? `${value.length} jobs` : JSON.stringify(value ?? '');
  console.log(`${what}: ${((performance.now() - startedMs) / 1000).toFixed(1)} s ${shown}`);
  return value;
}

async function last(steps: AsyncIterable<BulkProgress>): Promise<BulkProgress | undefined> {
  let latest: BulkProgress | undefined;
  for await (const step of steps) latest = step;
  return latest;
}

function laneAt(index: number): string {
  return `c-${Math.floor(index / 10)}`;
}

async function enqueueAll(): Promise<string[]> {
  const accepted: string[] = [];
  const entries = Array.from({ length: jobs }, (_, index) => ({
    tenantId: 'acme',
    guestId: 'guest',
    conversationId: laneAt(index),
    body: { contentType: 'text/plain' as const, content: `message ${index}` },
  }));
  await producer.enqueueMany(KIND, entries, {
    onEntry: (report) => {
      if (report.status === 'accepted') accepted[report.index] = report.jobIds[0] ?? '';
    },
  });
  return accepted;
}

/** What workers leave of jobs that failed for good. */
async function failAll(all: readonly string[]): Promise<void> {
  const queue = core.queues.of(KIND, 'acme');
  for (let at = 0; at < all.length; at += 1000) {
    const slice = all.slice(at, at + 1000);
    const ending = { entry: 'failed {}', onFailure: 'skip' } as const;
    await Promise.all(
      slice.map((jobId, index) => {
        const lane = laneAt(at + index);
        const ref = { kind: KIND, tenantId: 'acme', jobId, lane, urgent: false, isPart: false } as const;
        return core.flow.conclude(ref, 1, ending);
      }),
    );
    const pipeline = client.pipeline();
    pipeline.zrem(queue.toKey('delayed'), ...slice);
    for (const [index, jobId] of slice.entries()) {
      pipeline.lrem(queue.toKey('wait'), 1, jobId);
      pipeline.zadd(queue.toKey('failed'), at + index, jobId);
      pipeline.hset(queue.toKey(jobId), { finishedOn: at + index, failedReason: 'GENESYS_REFUSED: no' });
    }
    await pipeline.exec();
  }
}

async function areInOrder(all: readonly string[]): Promise<boolean> {
  for (let at = 0; at < all.length; at += 10) {
    const lane = await client.zrange(`${core.keys.own('acme')}lane:acme:${laneAt(at)}`, 0, '+inf', 'BYSCORE');
    if (
      lane.join() !==
      all
        .slice(at, at + 10)
        .map((id) => `m-${id}`)
        .join()
    )
      return false;
  }
  return true;
}
