import type { Flow } from '../flow/flow.ts';
import type { Queues } from '../queues/queues.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import { bucketNames } from './clear.ts';

export interface HoldParts {
  readonly client: RedisClient;
  readonly keys: Keys;
  readonly flow: Pick<Flow, 'hold'>;
  readonly queues: Pick<Queues, 'wake'>;
}

/** A move of tenants between two partitions. */
export interface Passage {
  readonly tenantIds: ReadonlySet<string>;
  readonly from: number;
  readonly to: number;
}

/** What a worker has configured. The rest is what a bucket has learned from its requests. */
const CONFIGURED = [
  'interval',
  'burst',
  'in_flight',
  'request_ms',
  'shared',
  'max_age',
  'max_waiting',
  'all_classes',
  'quiet_of',
  'quiet',
  'quiets',
] as const;

/** The probe of a circuit is a lane of the old partition. */
const LEFT_OUT: ReadonlySet<string> = new Set([...CONFIGURED, 'held', 'probe', 'probe_until', 'tried']);

/** Holds the buckets in the new partition, configured like those in the old one. */
export async function holdBuckets(parts: HoldParts, passage: Passage): Promise<void> {
  for (const { name, fields } of await bucketsIn(parts, passage)) {
    const configured = CONFIGURED.flatMap((field) => {
      const value = fields[field];
      return value === undefined ? [] : [[field, value] as const];
    });
    await parts.flow.hold(passage.to, refOf(name), passage.from, Object.fromEntries(configured));
  }
}

/** Lets the buckets go, with what those in the old partition have learned: the rate limit holds over both. */
export async function letBucketsGo(parts: HoldParts, passage: Passage): Promise<void> {
  for (const { name, fields } of await bucketsIn(parts, passage)) {
    const learned = Object.entries(fields).filter(([field]) => !LEFT_OUT.has(field));
    const wakes = await parts.flow.hold(passage.to, refOf(name), null, Object.fromEntries(learned));
    // The reconciler wakes the jobs, too.
    await parts.queues.wake(wakes).catch(() => {});
  }
}

interface Bucket {
  /** `<tenant>:<class>`, or `*<name>:<class>` for a shared one. */
  readonly name: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** The buckets of the tenants in the old partition. Those that others share come first. */
async function bucketsIn({ client, keys }: HoldParts, { tenantIds, from }: Passage): Promise<Bucket[]> {
  const read = async (name: string) => ({
    name,
    fields: await client.hgetall(`${keys.ownOf(from)}bucket:${name}`),
  });
  const own = await Promise.all(bucketNames(tenantIds).map(read));
  const names = own.flatMap(({ name, fields }) => {
    const [, shared = '', otherClass = ''] = /^(\*[^:]+):?(.*)$/.exec(fields['shared'] ?? '') ?? [];
    return shared === '' ? [] : [`${shared}:${otherClass || refOf(name).bucketClass}`];
  });
  const shared = await Promise.all([...new Set(names)].map(read));
  const isOwn = ({ fields }: Bucket) => fields['shared'] === undefined;
  return [...shared, ...own.filter(isOwn), ...own.filter((bucket) => !isOwn(bucket))];
}

function refOf(name: string): { tenantId: string; bucketClass: string } {
  const [tenantId = '', bucketClass = ''] = name.split(':');
  return { tenantId, bucketClass };
}
