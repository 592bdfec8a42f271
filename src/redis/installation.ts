import { OperatorError } from '../core/errors.ts';
import type { RedisClient } from './connect.ts';
import { describeRedisFailure } from './failure.ts';
import type { Keys } from './keys.ts';

/** The format of the keys and values. A version that reads other ones has another number. */
const FORMAT = 1;

/**
 * Writes the layout of an installation to Redis, or compares it with the stored one. A process with
 * another PARTITIONS would look for tenants in the wrong place, and report no error.
 *
 * @returns whether it was written: by the first process, or after Redis lost its data.
 * @throws {OperatorError} with the stored and the set value.
 */
export async function claimInstallation(client: RedisClient, keys: Keys): Promise<'found' | 'written'> {
  await checkCluster(client, keys);
  const key = keys.installation();
  const layout = { format: FORMAT, partitions: keys.partitions, prefix: keys.prefix };
  const transaction = client.multi();
  for (const [field, value] of Object.entries(layout)) transaction.hsetnx(key, field, value);
  const replies = (await transaction.hgetall(key).exec()) ?? [];
  for (const [error] of replies) if (error) throw error;
  const [[, isNew] = [], , , [, stored] = []] = replies;
  compare(key, stored as Readonly<Record<string, string>>, keys);
  return isNew === 1 ? 'written' : 'found';
}

function compare(key: string, stored: Readonly<Record<string, string>>, { partitions, prefix }: Keys): void {
  if (Number(stored['format']) !== FORMAT) {
    throw new OperatorError(
      `What Redis holds under the prefix ${prefix} has format ${stored['format']}, and this version reads format ${FORMAT}. Run the version that wrote it, or another QUEUE_PREFIX.`,
      'settings',
    );
  }
  if (Number(stored['partitions']) !== partitions) {
    throw new OperatorError(
      `What Redis holds under the prefix ${prefix} was written with PARTITIONS=${stored['partitions']}, and PARTITIONS is set to ${partitions}. Set it to ${stored['partitions']}. To change it, let all jobs end, stop every process, and delete the key ${key}.`,
      'settings',
    );
  }
}

/**
 * A cluster node that holds all partitions works like a single Redis. Other nodes refuse the keys.
 */
async function checkCluster(client: RedisClient, keys: Keys): Promise<void> {
  if (client.status !== 'ready') await client.ping();
  if (client.server['cluster_enabled'] !== '1') return;
  for (let partition = 0; partition < keys.partitions; partition++) {
    await client.exists(`${keys.ownOf(partition)}reconciling`).catch((error: unknown) => {
      throw new OperatorError(describeRedisFailure(client.address, error) ?? String(error), 'unavailable');
    });
  }
}
