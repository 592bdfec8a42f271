import type { Logger } from '../observe/logger.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import type { RedisClock } from '../redis/redis-clock.ts';

/** A process on a machine whose clock is wrong. */
export interface ClockSkew {
  readonly process: string;
  /** How far its clock is ahead of Redis, ms; negative when it is behind. */
  readonly skewMs: number;
}

export interface ClockWatchOptions {
  readonly clock: RedisClock;
  readonly client: RedisClient;
  readonly keys: Keys;
  readonly logger: Logger;
  /** Name of this process. */
  readonly name: string;
  readonly everyMs?: number;
}

/** The worker reports a clock that is off by more than this, ms. */
export const TOLERANCE_MS = 1000;
const EVERY_MS = 10_000;
/** A process that has not reported for this long is gone, ms. */
const FORGOTTEN_AFTER_MS = 3 * EVERY_MS;

/**
 * Compares the clock of this machine with the clock of Redis every few seconds. It logs a wrong
 * clock once, and `gwm status` shows it as long as it is wrong.
 */
export function startClockWatch(options: ClockWatchOptions): { stop(): Promise<void> } {
  const { clock, client, keys, logger, name, everyMs = EVERY_MS } = options;
  let reportedMs = 0;
  let isLooking = false;

  const look = async () => {
    await clock.measure();
    const skewMs = Math.round(clock.skewMs());
    const isOff = Math.abs(skewMs) > TOLERANCE_MS;
    if (isOff && Math.abs(skewMs - reportedMs) > TOLERANCE_MS) {
      logger.warn({ skewMs }, 'the clock of this machine is off; the worker uses the time of Redis');
    }
    if (!isOff && reportedMs !== 0) logger.info({ skewMs }, 'the clock of this machine is right again');
    if (isOff) await client.hset(keys.clockSkews(), name, `${skewMs} ${clock.now()}`);
    else if (reportedMs !== 0) await client.hdel(keys.clockSkews(), name);
    reportedMs = isOff ? skewMs : 0;
  };

  const lookUnlessBusy = () => {
    // While Redis is away commands wait; they must not pile up.
    if (isLooking) return;
    isLooking = true;
    look()
      .catch(() => {})
      .finally(() => {
        isLooking = false;
      });
  };
  lookUnlessBusy();
  const timer = setInterval(lookUnlessBusy, everyMs);

  return {
    async stop() {
      clearInterval(timer);
      if (reportedMs !== 0) await client.hdel(keys.clockSkews(), name);
    },
  };
}

/**
 * The processes whose clocks are wrong, by their recent reports. Removes the reports of processes
 * that are gone.
 */
export async function readClockSkews(
  client: RedisClient,
  keys: Keys,
  clock: Pick<RedisClock, 'now'>,
): Promise<ClockSkew[]> {
  const reports = Object.entries(await client.hgetall(keys.clockSkews())).map(([process, report]) => {
    const [skewMs = 0, reportedAtMs = 0] = report.split(' ').map(Number);
    return { process, skewMs, isStale: reportedAtMs < clock.now() - FORGOTTEN_AFTER_MS };
  });
  const stale = reports.filter(({ isStale }) => isStale).map(({ process }) => process);
  if (stale.length > 0) await client.hdel(keys.clockSkews(), ...stale);
  return reports.filter(({ isStale }) => !isStale).map(({ process, skewMs }) => ({ process, skewMs }));
}
