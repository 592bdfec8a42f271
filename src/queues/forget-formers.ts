import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import { createLayoutChanges } from '../redis/layout-store.ts';
import { redisTimeMs } from '../redis/redis-time.ts';
import { remembered } from './move-steps.ts';

/**
 * Takes partitions out of the layout whose ledgers have forgotten the jobs of a tenant that left them.
 * Producers ask a partition for each key of a job for as long as the layout names it.
 */
export async function forgetFormers(client: RedisClient, keys: Keys): Promise<void> {
  const { homes } = keys.layout.state;
  const withFormers = [...homes].filter(([, { formers }]) => formers !== undefined);
  if (withFormers.length === 0) return;
  const nowMs = await redisTimeMs(client);
  const changes = createLayoutChanges(client, keys);
  for (const [tenantId, home] of withFormers) {
    const next = remembered(home, keys.layout.hashOf(tenantId), nowMs);
    if (next !== home) await changes.replace(tenantId, home, next);
  }
}
