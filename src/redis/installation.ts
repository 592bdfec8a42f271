import { OperatorError } from '../core/errors.ts';
import type { RedisClient } from './connect.ts';
import { describeRedisFailure } from './failure.ts';
import type { Keys } from './keys.ts';

/** Of the keys and values that we write. A version that reads others than the one before has another number. */
const FORMAT = 1;

/**
 * Writes down how an installation is laid out, or compares it with what is written: a process with other PARTITIONS would
 * look for each tenant in another place, and see nothing wrong.
 *
 * @returns whether it had to be written: this is the first process, or Redis has lost its data.
 * @throws {OperatorError} saying what is written and what is set.
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

/** A node of a cluster that holds all partitions is as good as a Redis of its own; others refuse the keys. */
async function checkCluster(client: RedisClient, keys: Keys): Promise<void> {
  if (client.status !== 'ready') await client.ping();
  if (client.server['cluster_enabled'] !== '1') return;
  for (let partition = 0; partition < keys.partitions; partition++) {
    await client.exists(`${keys.ownOf(partition)}reconciling`).catch((error: unknown) => {
      throw new OperatorError(describeRedisFailure(client.address, error) ?? String(error), 'unavailable');
    });
  }
}
