import type { Figures } from './figures.ts';

/** What an installation has to carry. */
export interface Load {
  readonly tenants: number;
  /** Messages and cards of all tenants together, per second, at the busiest time. */
  readonly ratePerSecond: number;
  /** How long Genesys Cloud takes for an answer, ms. */
  readonly latencyMs: number;
  /** Jobs that wait at most, for example after an hour without Genesys Cloud. */
  readonly waiting: number;
  /** Whether each message has a callback. */
  readonly hasCallbacks: boolean;
}

/** The settings that a plan depends on. */
export interface PlanSettings {
  readonly workerConcurrency: number;
  readonly keepCompleted: number;
  readonly ledgerTtlMs: number;
}

/** What this load needs. Memory and disk are in bytes. */
export interface Plan {
  readonly workers: {
    /** Replicas of `gwm worker`, each with one core. One of them may be away. */
    readonly count: number;
    /** Cores that the messages take. */
    readonly cores: number;
    /** Requests under way at the same time. */
    readonly requests: number;
  };
  readonly redis: {
    /** Masters of a Redis Cluster. 1: a single Redis. */
    readonly shards: number;
    /** The setting PARTITIONS: some for each shard, so that they spread evenly. */
    readonly partitions: number;
    /** Messages per second that one shard carries, and so one partition at most. */
    readonly messagesPerSecond: number;
  };
  /** Of all shards together. */
  readonly memory: {
    readonly waiting: number;
    readonly kept: number;
    readonly ledger: number;
    readonly tenants: number;
    /** The setting maxmemory, of all shards together. */
    readonly maxmemory: number;
  };
  readonly disk: {
    /** For the append-only files, of all shards together. */
    readonly appendOnly: number;
    /** The growth of the audit store. */
    readonly auditPerDay: number;
  };
}

/** The part of a core that a worker may use, so that it still answers at once. */
const WORKER_SHARE = 0.6;
/** The part of its one core that Redis may use. Its latency grows soon above it. */
const REDIS_SHARE = 0.5;
/** Partitions of a shard. With one each, the shard of a busy tenant would have no other to give away. */
const PARTITIONS_PER_SHARD = 4;
/** Producers stop at nine tenths of maxmemory. The allocator needs a quarter more than the data. */
const MEMORY_FACTOR = 1.25 / 0.9;
/** An append-only file grows to twice the data. Redis rewrites it beside the old one. */
const DISK_FACTOR = 3;
const FULL_HASH_JOBS_PER_HOUR = 6000;
const BUCKETS_PER_TENANT = 3;
const DAY_SECONDS = 86_400;

/** Reckons what a load needs. Everything is rounded up. */
export function planFor(load: Load, settings: PlanSettings, figures: Figures): Plan {
  const { ratePerSecond, latencyMs, hasCallbacks } = load;
  const workerUs = figures.workerUs + (hasCallbacks ? figures.callbackWorkerUs : 0);
  const redisUs = figures.redisUs + (hasCallbacks ? figures.callbackRedisUs : 0);
  const cores = (ratePerSecond * workerUs) / 1e6;
  const requests = Math.ceil((ratePerSecond * latencyMs) / 1000);
  const busy = Math.max(cores / WORKER_SHARE, requests / settings.workerConcurrency);
  const messagesPerSecond = Math.floor((1e6 / redisUs) * REDIS_SHARE);
  const shards = Math.max(1, Math.ceil(ratePerSecond / messagesPerSecond));
  const partitions = shards === 1 ? 1 : shards * PARTITIONS_PER_SHARD;
  const memory = memoryFor(load, { ...settings, partitions }, figures);
  const data = memory.waiting + memory.kept + memory.ledger + memory.tenants;
  return {
    workers: { count: Math.max(1, Math.ceil(busy)) + 1, cores, requests },
    redis: { shards, partitions, messagesPerSecond },
    memory: { ...memory, maxmemory: Math.ceil(data * MEMORY_FACTOR) },
    disk: {
      appendOnly: Math.ceil(data * DISK_FACTOR),
      auditPerDay: Math.ceil(ratePerSecond * DAY_SECONDS * figures.auditBytes),
    },
  };
}

function memoryFor(
  { tenants, ratePerSecond, waiting }: Load,
  { keepCompleted, ledgerTtlMs, partitions }: PlanSettings & { readonly partitions: number },
  figures: Figures,
) {
  const ended = ratePerSecond * (ledgerTtlMs / 1000);
  // Each partition has a queue of its own.
  const kept = Math.min(ended, keepCompleted * partitions);
  return {
    waiting: Math.ceil(waiting * figures.waitingBytes),
    kept: Math.ceil(kept * figures.keptBytes),
    ledger: Math.ceil((ended - kept) * figures.ledgerBytes),
    tenants: Math.ceil(
      tenants * (BUCKETS_PER_TENANT * figures.bucketBytes + countBytes(ratePerSecond / tenants, figures)),
    ),
  };
}

/** The bytes of the counts of a tenant whose jobs come evenly. */
function countBytes(ratePerSecond: number, figures: Figures): number {
  const share = Math.min(1, (ratePerSecond * 3600) / FULL_HASH_JOBS_PER_HOUR);
  const { countHashes, countHashBytes, fullCountHashBytes } = figures;
  return countHashes * (countHashBytes + share * (fullCountHashBytes - countHashBytes));
}
