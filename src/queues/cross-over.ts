import { setTimeout as delay } from 'node:timers/promises';
import { OperatorError } from '../core/errors.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import { createLayoutChanges, type LayoutChanges, renewLayout } from '../redis/layout-store.ts';
import { left } from './move-steps.ts';

/** What a producer does about tenants that change their partition. */
export interface CrossOver {
  /** Pins tenants that the layout has no word of, while the number of partitions is raised. */
  prepare(tenantIds: Iterable<string>): Promise<void>;
  /** Reads the layout, after a partition has refused jobs of these tenants. @param round from 1 */
  catchUp(tenantIds: Iterable<string>, round: number): Promise<void>;
}

/** A partition answers a stale layout at once. Only a command that dies in one moment of a move lasts longer. */
const ROUNDS = 20;
const PAUSE_MS = 25;

export function createCrossOver(client: RedisClient, keys: Keys): CrossOver {
  const { layout } = keys;
  const changes = createLayoutChanges(client, keys);
  const pinned = new Set<string>();

  return {
    async prepare(tenantIds) {
      for (const tenantId of tenantIds) {
        if (layout.state.raising === undefined) return pinned.clear();
        if (layout.state.homes.has(tenantId) || pinned.has(tenantId)) continue;
        if (await changes.pin(tenantId, layout.hashOf(tenantId))) pinned.add(tenantId);
        else await renewLayout(client, keys);
      }
    },

    async catchUp(tenantIds, round) {
      if (round > ROUNDS) throw new OperatorError(STILL_MOVING, 'unavailable');
      if (round > 1) await delay(PAUSE_MS * round);
      await renewLayout(client, keys);
      const unnoted = [...tenantIds].filter((tenantId) => layout.moveOf(tenantId)?.step === 'arriving');
      if (unnoted.length === 0) return;
      for (const tenantId of unnoted) await noteLeft({ client, keys, changes }, tenantId);
      await renewLayout(client, keys);
    },
  };
}

interface NoteParts {
  readonly client: RedisClient;
  readonly keys: Keys;
  readonly changes: LayoutChanges;
}

/**
 * The process that moves the tenant may have died after it closed the old partition to new jobs. Only the
 * mark there says so: a partition also refuses producers that know an older layout.
 */
async function noteLeft({ client, keys, changes }: NoteParts, tenantId: string): Promise<void> {
  const home = keys.layout.state.homes.get(tenantId);
  if (home?.move?.step !== 'arriving') return;
  const mark = await client.hget(keys.layoutOf(home.move.from), tenantId);
  if (mark !== null) await changes.replace(tenantId, home, left(home));
}

const STILL_MOVING =
  'The tenant of a job moves to another partition, and no partition takes its jobs. Enqueue the job again; if that does not help, run gwm partitions';
