import { messageOf } from '../core/errors.ts';
import type { Flow } from '../flow/flow.ts';
import type { Logger } from '../observe/logger.ts';
import type { Queues } from '../queues/queues.ts';
import type { Keys } from '../redis/keys.ts';

export interface ExpiryOptions {
  readonly flow: Pick<Flow, 'expire'>;
  readonly queues: Pick<Queues, 'wake'>;
  readonly keys: Pick<Keys, 'partitions'>;
  readonly logger: Pick<Logger, 'warn'>;
}

export interface Expiry {
  stop(): void;
}

const EVERY_MS = 1000;
/** Jobs per partition and second. More at a time would hold up the jobs that do not expire. */
const AT_MOST = 500;

/**
 * Wakes the jobs whose time is over, in every state, every second and on every replica. A job is
 * woken again after ten seconds at the earliest, by any replica.
 */
export function startExpiry({ flow, queues, keys, logger }: ExpiryOptions): Expiry {
  let isRunning = false;

  const wakeExpired = async () => {
    for (const partition of keys.partitions()) {
      const { wakes } = await flow.expire(partition, AT_MOST);
      await queues.wake(wakes);
    }
  };

  const timer = setInterval(async () => {
    // While Redis is away commands wait; they must not pile up.
    if (isRunning) return;
    isRunning = true;
    try {
      await wakeExpired();
    } catch (error) {
      logger.warn({ reason: messageOf(error) }, 'expired jobs could not be woken');
    } finally {
      isRunning = false;
    }
  }, EVERY_MS);

  return { stop: () => clearInterval(timer) };
}
