import type { Redis } from 'ioredis';
import { partitionOf } from '../src/core/ids.ts';
import { createProducer } from '../src/queues/producer.ts';
import { startBackend } from './backend.ts';
import type { Benchmark } from './benchmark.ts';
import type { Lab } from './lab.ts';
import { messages } from './messages.ts';
import { startWorkers } from './our-worker.ts';
import { startCluster } from './redis-cluster.ts';
import { type BenchTenant, UNLIMITED, writeTenants } from './tenants.ts';

const SHARDS = 3;
const PARTITIONS = 4 * SHARDS;
const PER_CONVERSATION = 4;
/** The busiest shard may have this much more than its share. */
const UNEVENNESS = 0.15;

/** µs of scripts and commands, by shard. */
type Work = readonly number[];

/** Shows how much of the work of Redis each shard of a cluster has. One machine cannot show more speed. */
export const cluster: Benchmark = {
  name: 'cluster',
  summary: 'the same 20,000 messages of twelve tenants on a cluster of one shard and of three',

  async run(lab) {
    const [alone = Number.NaN] = await workOf(lab, 1);
    const work = await workOf(lab, SHARDS);
    return {
      figures: [
        {
          what: 'the busiest of three shards',
          ours: Math.max(...work),
          reference: alone / SHARDS,
          against: 'a third of the work of one shard',
          unit: 'µs/message',
          target: { atMost: 1 + UNEVENNESS },
        },
      ],
      details: { oneShardUs: round(alone), shardsUs: work.map(round) },
    };
  },
};

/** Accepts and delivers all messages. @returns the work of each shard, µs of a message */
async function workOf(lab: Lab, shards: number): Promise<Work> {
  const count = lab.pick(20_000, 600);
  const tenants = evenTenants();
  const { url, shards: masters } = await startCluster(lab, shards, PARTITIONS);
  const backend = await startBackend(lab);
  const prefix = lab.prefix();
  const tenantsFile = await writeTenants(lab, backend.url, tenants);
  const env = { REDIS_URL: url, PARTITIONS: String(PARTITIONS) };
  const [worker] = await startWorkers(lab, { prefix, tenantsFile, env });
  lab.say(`${count} messages on ${shards === 1 ? 'one shard' : `${shards} shards`}`);
  for (const master of masters) await master.config('RESETSTAT');
  const arrived = backend.expect(count);
  const producer = createProducer({ redisUrl: url, queuePrefix: prefix, partitions: PARTITIONS });
  const entries = messages({
    count,
    tenantIds: tenants.map(({ id }) => id),
    perConversation: PER_CONVERSATION,
  });
  await producer.enqueueMany('message-transmission', entries);
  await arrived;
  await worker?.stop();
  await producer.close();
  return await Promise.all(masters.map(async (master) => (await commandUs(master)) / count));
}

/** One tenant of each partition. */
function evenTenants(): BenchTenant[] {
  const byPartition = new Map<number, BenchTenant>();
  for (let number = 0; byPartition.size < PARTITIONS; number++) {
    const id = `tenant-${number}`;
    byPartition.set(partitionOf(id, PARTITIONS), { id, limit: UNLIMITED });
  }
  return [...byPartition.values()];
}

/** The time of all commands. Those of a script count twice, on each shard alike. */
async function commandUs(master: Redis): Promise<number> {
  const text = await master.info('commandstats');
  const times = [...text.matchAll(/^cmdstat_[^:]+:calls=\d+,usec=(\d+)/gm)].map(([, usec]) => Number(usec));
  return times.reduce((sum, each) => sum + each, 0);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
