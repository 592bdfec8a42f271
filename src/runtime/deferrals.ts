import { messageOf } from '../core/errors.ts';
import type { Flow } from '../flow/flow.ts';
import type { Logger } from '../observe/logger.ts';
import { type BucketAccess, renewQuietHours } from '../queues/buckets.ts';
import type { Keys } from '../redis/keys.ts';

export interface DeferralOptions extends BucketAccess {
  readonly flow: Flow;
  readonly keys: Pick<Keys, 'partitions'>;
  readonly logger: Pick<Logger, 'warn'>;
}

export interface Deferrals {
  stop(): void;
}

/** A job that is scheduled for the next second may be this late, ms. All others go at their moment. */
const EVERY_MS = 1000;
const RENEW_EVERY_MS = 3_600_000;
/** Lanes per script. Redis serves no other client while it runs. */
const AT_MOST = 500;

/**
 * Lets deferred lanes go on: those of scheduled jobs at their moment, and those of a tenant at the end of
 * its quiet hours. Every replica looks each second, and at the next moment that it has heard of. Beside
 * that it tells flow control the quiet hours of the next days.
 */
export function startDeferrals(options: DeferralOptions): Deferrals {
  const { flow, queues, keys, logger } = options;
  let renewedAtMs = performance.now();
  let isStopped = false;
  let timer = setTimeout(look, EVERY_MS);

  /** @returns when the next lane of the partition may go on, ms from now. */
  async function serve(partition: number): Promise<number> {
    for (;;) {
      const { nextMs, wakes } = await flow.due(partition, AT_MOST);
      await queues.wake(wakes);
      if (nextMs !== 0 || isStopped) return nextMs ?? EVERY_MS;
    }
  }

  async function renew(): Promise<void> {
    if (performance.now() - renewedAtMs < RENEW_EVERY_MS) return;
    await renewQuietHours(options);
    renewedAtMs = performance.now();
  }

  async function look(): Promise<void> {
    let waitMs = EVERY_MS;
    try {
      for (const partition of keys.partitions()) waitMs = Math.min(waitMs, await serve(partition));
      await renew();
    } catch (error) {
      logger.warn({ reason: messageOf(error) }, 'deferred jobs could not be woken');
    }
    if (!isStopped) timer = setTimeout(look, waitMs);
  }

  return {
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
