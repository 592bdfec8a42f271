import type { Load, Plan } from './plan.ts';

/** One need of a plan, in words. */
export interface Need {
  readonly what: string;
  readonly needed: string;
  readonly because: string;
}

const UNITS = ['B', 'KB', 'MB', 'GB'] as const;

/** A plan as lines: what is needed, how much of it, and why. */
export function describePlan({ workers, redis, memory, disk }: Plan, load: Load): Need[] {
  const shards = redis.shards === 1 ? 'one Redis' : `${redis.shards} shards`;
  return [
    {
      what: 'workers',
      needed: String(workers.count),
      because: `one core each; ${workers.cores.toFixed(1)} cores of work, ${workers.requests} requests under way, and one to spare`,
    },
    {
      what: 'Redis',
      needed: `${shards}, \`PARTITIONS=${redis.partitions}\``,
      because: `one core carries ${redis.messagesPerSecond} of these messages a second at half load`,
    },
    {
      what: '`maxmemory`, of all shards',
      needed: formatBytes(memory.maxmemory),
      because: `${formatBytes(memory.waiting)} of waiting jobs, ${formatBytes(memory.kept)} of delivered ones, ${formatBytes(memory.ledger)} of the ledger, ${formatBytes(memory.tenants)} of tenants`,
    },
    {
      what: 'memory of the machines of Redis',
      needed: formatBytes(2 * memory.maxmemory),
      because: 'Redis forks to rewrite its append-only file',
    },
    {
      what: 'disk of Redis',
      needed: formatBytes(disk.appendOnly),
      because: 'the append-only file grows to twice the data before Redis writes it anew',
    },
    {
      what: 'audit store',
      needed: `${formatBytes(disk.auditPerDay)} a day`,
      because: 'until the retention of each tenant is over',
    },
    {
      what: 'a tenant, on average',
      needed: formatRate(load.ratePerSecond / load.tenants),
      because: 'its own limit must allow this',
    },
  ];
}

/** Three digits and a unit of 1,000: 1,018 → `1.02 KB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  for (const unit of UNITS) {
    if (value < 999.5) return `${threeDigits(value)} ${unit}`;
    value /= 1000;
  }
  return `${threeDigits(value)} TB`;
}

function formatRate(perSecond: number): string {
  return perSecond >= 1 ? `${threeDigits(perSecond)} a second` : `${threeDigits(perSecond * 3600)} an hour`;
}

function threeDigits(value: number): number {
  return Number(value.toPrecision(3));
}
