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
  /** Between two prunings, over all replicas; an hour by default, ms. */
  readonly everyMs?: number;
}

export interface Retention {
  /** Looks for nothing any more; waits for a pruning that is under way. */
  stop(): Promise<void>;
}

const EVERY_MS = 3_600_000;
/** Looks per period: when the replica whose turn it was is gone, another takes the next turn soon after. */
const LOOKS = 12;

/**
 * Removes records that are older than their tenant's `audit.retention`, once an hour and on one replica at a
 * time. Tenants are those of the file as it is then; the records of one that is not in it stay.
 */
export function startRetention(options: RetentionOptions): Retention {
  const { redis, keys, logger, everyMs = EVERY_MS } = options;
  let running: Promise<void> | undefined;

  const take = async (): Promise<void> => {
    try {
      const isOurTurn = await redis.set(keys.auditRetention(), '1', 'PX', everyMs, 'NX');
      if (isOurTurn) await pruneAll(options);
    } catch (error) {
      logger.warn({ reason: messageOf(error) }, 'audit retention failed');
    }
  };
  const look = () => {
    // While Redis is away commands wait; they must not pile up.
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

/** One tenant after the other; what goes wrong with one does not stop the next. */
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
      if (pruned > 0) logger.info(about, 'audit records past their retention were removed');
    } catch (error) {
      logger.warn(
        { tenantId, reason: messageOf(error) },
        'audit records could not be pruned; the next turn will',
      );
    }
  }
}
