import { messageOf } from '../core/errors.ts';
import type { LostJob } from '../flow/decisions.ts';
import type { Flow } from '../flow/flow.ts';
import type { Logger } from '../observe/logger.ts';
import { createLogThrottle } from '../observe/throttle.ts';
import { forgetFormers } from '../queues/forget-formers.ts';
import type { Queues } from '../queues/queues.ts';
import type { Schedules } from '../queues/schedules.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import type { Endpoints } from '../webhooks/endpoints.ts';

export interface ReconcilerOptions {
  readonly flow: Flow;
  readonly queues: Queues;
  readonly endpoints: Endpoints;
  readonly schedules: Schedules;
  readonly keys: Keys;
  readonly redis: RedisClient;
  readonly logger: Logger;
  /** Restores what a worker writes at its start, if Redis has lost it. */
  readonly restore: (partition: number) => Promise<void>;
  /** Counts what was repaired. */
  readonly onRepaired: (repair: 'lane' | 'job' | 'schedule', count: number) => void;
  /** Concludes a job that another program removed, or that BullMQ ended by itself. */
  readonly concludeLost: (job: LostJob) => Promise<void>;
}

export interface Reconciler {
  stop(): void;
}

const EVERY_MS = 5000;
const COMPLAIN_EVERY_MS = 60_000;
const LOST_AT_ONCE = 100;
/**
 * How long after its time a lane counts as forgotten, ms. With `EVERY_MS` a hole is repaired within
 * 15 seconds.
 */
const PATIENCE_MS = 10_000;

/**
 * Finds and repairs what a dead process or another program left behind, every few seconds and on
 * one replica at a time:
 *
 * - a lane or an endpoint whose next job no script has woken,
 * - a halted lane whose dead letter is gone,
 * - a cancelled job that no worker has ended,
 * - a job that another program removed,
 * - a schedule without a next job,
 * - partitions in the layout that have forgotten the jobs of a tenant,
 * - settings of a tenant that Redis has lost.
 */
export function startReconciler({
  flow,
  queues,
  endpoints,
  schedules,
  keys,
  redis,
  logger,
  restore,
  concludeLost,
  onRepaired,
}: ReconcilerOptions): Reconciler {
  let isRunning = false;
  const throttle = createLogThrottle({ logger, everyMs: COMPLAIN_EVERY_MS });

  const complain = (error: unknown) => throttle.warn({ reason: messageOf(error) }, 'reconciliation failed');

  /**
   * A failed act, for example on a key that another program overwrote, must not stop the other
   * acts.
   */
  const attempt = (act: () => Promise<void>) => act().catch(complain);

  const reconcile = async (partition: number) => {
    if (!(await redis.set(keys.reconciling(partition), '1', 'PX', EVERY_MS - 100, 'NX'))) return;
    await attempt(() => restore(partition));
    if (partition === 0) await attempt(() => forgetFormers(redis, keys));
    await attempt(async () => {
      const { repaired, wakes } = await flow.reconcile(partition, PATIENCE_MS);
      await queues.wake(wakes);
      onRepaired('lane', repaired);
      if (repaired > 0) logger.warn({ partition, repaired }, 'lanes that no script had woken go on');
    });
    await attempt(async () => {
      const lost = await flow.lost(partition, LOST_AT_ONCE);
      onRepaired('job', lost.length);
      for (const job of lost) await attempt(() => keys.within(partition, () => concludeLost(job)));
    });
    await attempt(async () => {
      await flow.tidyIndex(partition);
    });
    await attempt(() => keys.within(partition, () => endpoints.reconcile(partition)));
    await attempt(async () => {
      const begunAnew = await schedules.repair(partition);
      onRepaired('schedule', begunAnew);
      if (begunAnew > 0) logger.warn({ partition, begunAnew }, 'schedules that had stopped start again');
    });
  };

  const timer = setInterval(async () => {
    // While Redis is away commands wait; they must not pile up.
    if (isRunning) return;
    isRunning = true;
    try {
      for (const partition of keys.partitions()) await reconcile(partition);
    } catch (error) {
      complain(error);
    } finally {
      isRunning = false;
    }
  }, EVERY_MS);

  return { stop: () => clearInterval(timer) };
}
