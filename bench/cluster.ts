import type { Redis } from 'ioredis';
import { partitionOf } from '../src/core/ids.ts';
import { createProducer } from '../src/queues/producer.ts';
import { startBackend } from './backend.ts';
import type { Benchmark } from './benchmark.ts';
import type { Lab } from './lab.ts';
import { messages } from './messages.ts';
import { startWorkers } from './our-worker.ts';
import { startCluster } from './redis-cluster.ts';
import { type BenchTenant, writeTenants } from './tenants.ts';

const SHARDS = 3;
const PARTITIONS = 4 * SHARDS;
const PER_CONVERSATION = 4;
/**
 * Far below what one shard carries. At full speed more acts would share a script on one shard than on
 * three.
 */
const LIMIT = { capacity: 50, ratePerSecond: 50 };
/** The busiest shard may have this much more than its share. */
const UNEVENNESS = 0.15;

/** What a shard does for one message. */
interface Work {
  readonly commands: number;
  /** Time in commands. Processes that share a core lengthen it. */
  readonly us: number;
}

/** Shows how much of the work of Redis each shard of a cluster has. One machine cannot show more speed. */
export const cluster: Benchmark = {
  name: 'cluster',
  summary: '12,000 messages of twelve tenants, 600 a second, on a cluster of one shard and of three',

  async run(lab) {
    const [alone] = await workOf(lab, 1);
    const work = await workOf(lab, SHARDS);
    return {
      figures: [
        {
          what: 'the busiest of three shards',
          ours: Math.max(...work.map(({ commands }) => commands)),
          reference: (alone?.commands ?? Number.NaN) / SHARDS,
          against: 'a third of the commands of one shard',
          unit: 'commands/message',
          target: { atMost: 1 + UNEVENNESS },
        },
      ],
      details: { oneShardUs: round(alone?.us ?? Number.NaN), shardsUs: work.map(({ us }) => round(us)) },
    };
  },
};

/** Accepts and delivers all messages. @returns the work of each shard */
async function workOf(lab: Lab, shards: number): Promise<Work[]> {
  const count = lab.pick(12_000, 600);
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
  return await Promise.all(masters.map((master) => workFor(master, count)));
}

/** One tenant of each partition. */
function evenTenants(): BenchTenant[] {
  const byPartition = new Map<number, BenchTenant>();
  for (let number = 0; byPartition.size < PARTITIONS; number++) {
    const id = `tenant-${number}`;
    byPartition.set(partitionOf(id, PARTITIONS), { id, limit: LIMIT });
  }
  return [...byPartition.values()];
}

/** Commands of scripts count as well, and their time counts twice. */
async function workFor(master: Redis, messageCount: number): Promise<Work> {
  const text = await master.info('commandstats');
  const rows = [...text.matchAll(/^cmdstat_[^:]+:calls=(\d+),usec=(\d+)/gm)];
  const sum = (column: 1 | 2) => rows.reduce((total, row) => total + Number(row[column]), 0);
  return { commands: sum(1) / messageCount, us: sum(2) / messageCount };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
