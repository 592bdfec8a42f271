import { type Clock, systemClock } from '../core/clock.ts';
import { formatDuration } from '../core/duration.ts';
import { messageOf } from '../core/errors.ts';
import type { Logger } from '../observe/logger.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import type { TenantRegistry } from '../tenants/registry.ts';
import type { AuditStore } from './store.ts';

export interface RetentionOptions {
  readonly store: Pick<AuditStore, 'prune'>;
  readonly tenants: Pick<TenantRegistry, 'ids' | 'get'>;
  readonly redis: RedisClient;
  readonly keys: Keys;
  readonly logger: Logger;
  readonly clock?: Clock;
  /** Time between two prunings, over all replicas, ms; an hour by default. */
  readonly everyMs?: number;
}

export interface Retention {
  /** Ends the timer, and waits for a pruning that is under way. */
  stop(): Promise<void>;
}

const EVERY_MS = 3_600_000;
/**
 * Tries per period. When the replica that has the turn is gone, another one takes the next turn
 * soon.
 */
const LOOKS = 12;

/**
 * Removes records that are older than `audit.retention` of their tenant, once an hour on one
 * replica. It reads the tenants of the file at that time, and keeps records of other tenants.
 */
export function startRetention(options: RetentionOptions): Retention {
  const { redis, keys, logger, everyMs = EVERY_MS } = options;
  let running: Promise<void> | undefined;

  const take = async (): Promise<void> => {
    try {
      const isOurTurn = await redis.set(keys.auditRetention(), '1', 'PX', everyMs, 'NX');
      if (isOurTurn) await pruneAll(options);
    } catch (error) {
      logger.warn({ reason: messageOf(error) }, 'cannot take a turn to prune audit records');
    }
  };
  const look = () => {
    // While Redis is away commands wait. Only one of them may wait at a time.
    running ??= take().finally(() => {
      running = undefined;
    });
  };

  look();
  const timer = setInterval(look, everyMs / LOOKS);
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}

/** Prunes tenant by tenant. A failure for one tenant does not stop the next. */
async function pruneAll({ store, tenants, logger, clock = systemClock }: RetentionOptions): Promise<void> {
  for (const tenantId of tenants.ids()) {
    try {
      const { retentionMs } = tenants.get(tenantId).audit;
      if (retentionMs === null) continue;
      const olderThan = new Date(clock.now() - retentionMs);
      const pruned = await store.prune(tenantId, olderThan);
      const about = {
        event: 'audit.pruned',
        tenantId,
        pruned,
        olderThan,
        retention: formatDuration(retentionMs),
      };
      if (pruned > 0) logger.info(about, 'removed audit records past their retention');
    } catch (error) {
      logger.warn(
        { tenantId, reason: messageOf(error) },
        'cannot prune audit records; the next turn tries again',
      );
    }
  }
}
