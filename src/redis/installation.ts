import { OperatorError } from '../core/errors.ts';
import { claimSeal } from './claim-seal.ts';
import type { RedisClient } from './connect.ts';
import { IS_CLUSTER, IS_SENTINEL } from './failure.ts';
import type { Keys } from './keys.ts';
import { LAYOUT_FIELDS, renewLayout, restoreLayout } from './layout-store.ts';

/**
 * Format of the keys and values in Redis. A version that reads other ones has the next number.
 * 2: keys of flow control (`sequences:`, `waiting:`, `reserved:`) and of endpoints have new names.
 * 3: `lane:` keeps the sequence number and the ended jobs of a conversation.
 */
const FORMAT = 3;

/** The same, and some tenants are not where their hash says. The first move of a tenant writes it. */
const MOVED_FORMAT = 4;

/**
 * Writes the layout of an installation to Redis, or takes the stored one: where a tenant is does not
 * depend on the PARTITIONS of a process. A process of another format would not see waiting jobs, and
 * would report no error.
 *
 * @returns whether it was written: by the first process, or after Redis lost its data.
 * @throws {OperatorError} with the stored and the set value.
 */
export async function claimInstallation(client: RedisClient, keys: Keys): Promise<'found' | 'written'> {
  await refuseOtherServers(client);
  const key = keys.installation();
  const layout = { format: FORMAT, partitions: keys.layout.state.modulus, prefix: keys.prefix };
  const transaction = client.multi();
  for (const [field, value] of Object.entries(layout)) transaction.hsetnx(key, field, value);
  const replies = (await transaction.hgetall(key).exec()) ?? [];
  for (const [error] of replies) if (error) throw error;
  const [[, isNew] = [], , , [, stored] = []] = replies;
  const layoutInRedis = stored as Readonly<Record<string, string>>;
  compare(key, layoutInRedis, keys);
  if (isNew === 1) await restoreLayout(client, keys);
  else if (isOtherLayout(layoutInRedis, keys)) await renewLayout(client, keys);
  await claimSeal(client, keys, layoutInRedis);
  return isNew === 1 ? 'written' : 'found';
}

function isOtherLayout(stored: Readonly<Record<string, string>>, { layout }: Keys): boolean {
  const { modulus, version } = layout.state;
  return (
    Number(stored[LAYOUT_FIELDS.modulus]) !== modulus ||
    Number(stored[LAYOUT_FIELDS.version] ?? 0) !== version
  );
}

/** What to tell an operator whose PARTITIONS is not the number in Redis. */
export function partitionsAdvice(partitions: number, { layout }: Keys): string | undefined {
  const { modulus, raising = modulus } = layout.state;
  if (partitions === modulus || partitions === raising) return undefined;
  const known = `PARTITIONS is set to ${partitions}, and Redis has ${modulus} partitions, which count`;
  return partitions > modulus
    ? `${known}; to raise the number, run gwm partitions raise ${partitions}`
    : `${known}; the number cannot be lowered, so set PARTITIONS=${modulus}`;
}

function compare(key: string, stored: Readonly<Record<string, string>>, { prefix }: Keys): void {
  const format = Number(stored['format']);
  if (format !== FORMAT && format !== MOVED_FORMAT) {
    throw new OperatorError(
      `Redis holds data of format ${stored['format']} under the prefix ${prefix}, and this version reads format ${FORMAT}. ${remedyFor(format, key)}`,
      'settings',
    );
  }
}

/**
 * Data of an older format must be used up by its own version. Data of a newer one needs that
 * version.
 */
function remedyFor(format: number, key: string): string {
  if (format > FORMAT) return 'Run the newer version, or set another QUEUE_PREFIX.';
  return `Run the old version until its queues are empty, stop every process, and delete the key ${key}; or set another QUEUE_PREFIX.`;
}

/**
 * A client of a single server does not follow the slots of a cluster, and a sentinel keeps no jobs.
 * @throws {OperatorError}
 */
export async function refuseOtherServers(client: RedisClient): Promise<void> {
  if (client.isCluster) return;
  if (client.status !== 'ready') await client.ping();
  const [server = {}] = await client.ofMasters(async (master) => master.server);
  const isNode = server['cluster_enabled'] === '1';
  if (!isNode && server['redis_mode'] !== 'sentinel') return;
  throw new OperatorError(`Redis at ${client.address} ${isNode ? IS_CLUSTER : IS_SENTINEL}`, 'settings');
}
