import { createHash } from 'node:crypto';
import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';

/** What an audit sync reads of one organization. */
export interface CheckpointOf {
  readonly organizationId: string;
  readonly actions: readonly string[];
}

/**
 * The time up to which audit-sync jobs have read the records of Genesys Cloud, by organization and
 * actions.
 */
export interface Checkpoints {
  /** ISO 8601; undefined when no job has read any. */
  through(tenantId: string, of: CheckpointOf): Promise<string | undefined>;
  /**
   * Records that everything before `to` is read. A `to` before the stored time changes nothing. The
   * exception: a stored time after `now` comes from a wrong clock and is replaced.
   */
  advance(tenantId: string, of: CheckpointOf, to: string, now: string): Promise<void>;
}

export interface CheckpointsOptions {
  readonly client: RedisClient;
  readonly keys: Keys;
}

export function createCheckpoints({ client, keys }: CheckpointsOptions): Checkpoints {
  const through = async (tenantId: string, of: CheckpointOf) =>
    (await client.hget(keys.auditCheckpoints(tenantId), fieldOf(of))) ?? undefined;
  return {
    through,
    // The lane of a tenant runs one sync at a time, so no other job writes in between.
    async advance(tenantId, of, to, now) {
      const known = await through(tenantId, of);
      const knownMs = Date.parse(known ?? '');
      if (knownMs >= Date.parse(to) && knownMs <= Date.parse(now)) return;
      await client.hset(keys.auditCheckpoints(tenantId), fieldOf(of), to);
    },
  };
}

/** The order of the actions makes no difference. */
function fieldOf({ organizationId, actions }: CheckpointOf): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([...actions].sort()))
    .digest('hex');
  return `${organizationId} ${digest.slice(0, 16)}`;
}
