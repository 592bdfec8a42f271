import { createHash } from 'node:crypto';
import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';

/** What is read of one organization. */
export interface CheckpointOf {
  readonly organizationId: string;
  readonly actions: readonly string[];
}

/** Up to when Genesys Cloud's audit records have been read, by organization and actions. */
export interface Checkpoints {
  /** ISO 8601; undefined when nothing was ever read. */
  through(tenantId: string, of: CheckpointOf): Promise<string | undefined>;
  /**
   * Everything up to then has been read. A time before the one that is known changes nothing, unless that is behind `now`,
   * which only a wrong clock can have noted.
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
    // One sync of a tenant runs at a time (its lane), so nobody writes in between.
    async advance(tenantId, of, to, now) {
      const known = await through(tenantId, of);
      const knownMs = Date.parse(known ?? '');
      if (knownMs >= Date.parse(to) && knownMs <= Date.parse(now)) return;
      await client.hset(keys.auditCheckpoints(tenantId), fieldOf(of), to);
    },
  };
}

/** Actions in any order are the same question. */
function fieldOf({ organizationId, actions }: CheckpointOf): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([...actions].sort()))
    .digest('hex');
  return `${organizationId} ${digest.slice(0, 16)}`;
}
