import { OperatorError } from '../core/errors.ts';
import { claimSeal } from './claim-seal.ts';
import type { RedisClient } from './connect.ts';
import { IS_CLUSTER } from './failure.ts';
import type { Keys } from './keys.ts';

/**
 * Format of the keys and values in Redis. A version that reads other ones has the next number.
 * 2: keys of flow control (`sequences:`, `waiting:`, `reserved:`) and of endpoints have new names.
 * 3: `lane:` keeps the sequence number and the ended jobs of a conversation.
 */
const FORMAT = 3;

/**
 * Writes the layout of an installation to Redis, or compares it with the stored one. A process with
 * another PARTITIONS would look for tenants in the wrong place, and a process of another format
 * would not see waiting jobs. Neither would report an error.
 *
 * @returns whether it was written: by the first process, or after Redis lost its data.
 * @throws {OperatorError} with the stored and the set value.
 */
export async function claimInstallation(client: RedisClient, keys: Keys): Promise<'found' | 'written'> {
  await refuseClusterNode(client);
  const key = keys.installation();
  const layout = { format: FORMAT, partitions: keys.partitions, prefix: keys.prefix };
  const transaction = client.multi();
  for (const [field, value] of Object.entries(layout)) transaction.hsetnx(key, field, value);
  const replies = (await transaction.hgetall(key).exec()) ?? [];
  for (const [error] of replies) if (error) throw error;
  const [[, isNew] = [], , , [, stored] = []] = replies;
  const layoutInRedis = stored as Readonly<Record<string, string>>;
  compare(key, layoutInRedis, keys);
  await claimSeal(client, keys, layoutInRedis);
  return isNew === 1 ? 'written' : 'found';
}

function compare(key: string, stored: Readonly<Record<string, string>>, { partitions, prefix }: Keys): void {
  const format = Number(stored['format']);
  if (format !== FORMAT) {
    throw new OperatorError(
      `Redis holds data of format ${stored['format']} under the prefix ${prefix}, and this version reads format ${FORMAT}. ${remedyFor(format, key)}`,
      'settings',
    );
  }
  if (Number(stored['partitions']) !== partitions) {
    throw new OperatorError(
      `The data in Redis under the prefix ${prefix} was written with PARTITIONS=${stored['partitions']}, and PARTITIONS is set to ${partitions}. Set it to ${stored['partitions']}. To change it, let all jobs end, stop every process, and delete the key ${key}.`,
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

/** A client of a single server does not follow the slots of a cluster. */
async function refuseClusterNode(client: RedisClient): Promise<void> {
  if (client.isCluster) return;
  if (client.status !== 'ready') await client.ping();
  const [isNode] = await client.ofMasters(async ({ server }) => server['cluster_enabled'] === '1');
  if (isNode) throw new OperatorError(`Redis at ${client.address} ${IS_CLUSTER}`, 'settings');
}
