import { JOB_KINDS, type JobKind } from '../jobs/catalog.ts';
import type { Logger } from '../observe/logger.ts';
import type { RedisClient } from '../redis/connect.ts';
import { JOB_FIELDS, type Keys } from '../redis/keys.ts';
import { JOB_HASH, loadScript, PROMOTE_JOB } from '../redis/script.ts';
import { type Death, WORKERS } from './heartbeat.ts';

export interface TakeOverOptions {
  readonly client: RedisClient;
  readonly keys: Keys;
  readonly logger: Logger;
  /** Called once for each worker that has died. */
  readonly onDead: () => void;
}

/** Jobs that one script takes; Redis does nothing else meanwhile. */
const JOBS_AT_ONCE = 100;

/**
 * Gives the jobs of a dead worker to other workers, before their locks run out. Each of them finds in the
 * ledger what the dead worker did: what it had not sent goes at once, and what it had sent goes when the
 * request is certainly over.
 *
 * All queues are looked at, also those that this process does not run.
 */
export function createTakeOver({
  client,
  keys,
  logger,
  onDead,
}: TakeOverOptions): (death: Death) => Promise<void> {
  const preludes = [WORKERS, JOB_HASH, PROMOTE_JOB];
  const script = loadScript(client, new URL('./take-over.lua', import.meta.url), preludes);

  /** @returns undefined when the worker is alive after all, or cannot be known to be dead. */
  async function takeSome({ partition, name, lifeMs }: Death, kind: JobKind): Promise<string[] | undefined> {
    const prefix = keys.ownOf(partition);
    const args = [prefix, kind, name, lifeMs, JOB_FIELDS.heldBy, JOBS_AT_ONCE];
    const [isDead, ...jobIds] = (await script.run(prefix, args)) as [number, ...string[]];
    if (jobIds.length > 0)
      logger.warn({ kind, jobIds, worker: name }, 'a worker died; other workers run its jobs');
    return isDead === 1 ? jobIds : undefined;
  }

  return async function takeOver(death) {
    for (const kind of JOB_KINDS) {
      let jobIds: string[] | undefined;
      do {
        jobIds = await takeSome(death, kind);
        if (!jobIds) return;
      } while (jobIds.length === JOBS_AT_ONCE);
    }
    // A worker that is alive after all enters its name again with its next beat.
    const isFirst = (await client.srem(keys.workers(death.partition), death.name)) === 1;
    if (isFirst && death.partition === 0) onDead();
  };
}
