import type { Clock } from '../core/clock.ts';
import { messageOf } from '../core/errors.ts';
import type { CountedRun } from '../observe/count-runs.ts';
import type { Logger } from '../observe/logger.ts';
import { createLogThrottle } from '../observe/throttle.ts';
import type { RedisClient } from '../redis/connect.ts';
import { isConnectionError } from '../redis/failure.ts';
import type { Keys } from '../redis/keys.ts';
import { loadScript } from '../redis/script.ts';
import { type Addition, createTally } from './tally.ts';

/** Counts the runs of this worker, and takes the counts to Redis. */
export interface Counting {
  /** Counts in memory. Never throws. */
  count(run: CountedRun): void;
  /**
   * Adds what is counted to Redis. Counts that Redis does not take stay, and the next flush adds them.
   * Never rejects. It waits for Redis as long as the client does.
   */
  flush(): Promise<void>;
  /** Ends the flushes, with a last one. */
  stop(): Promise<void>;
}

export interface CountingOptions {
  readonly client: RedisClient;
  readonly keys: Keys;
  /** Name of this process. No other process has it. */
  readonly name: string;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn'>;
  readonly everyMs?: number;
}

/** One run of the script, until Redis replies. */
interface Call {
  readonly number: number;
  readonly additions: readonly Addition[];
}

const EVERY_MS = 1000;
const COMPLAIN_EVERY_MS = 60_000;

/**
 * Starts to count. Several workers add to the same hashes. What a worker has counted since its last
 * flush is lost when it dies.
 */
export function startCounting(options: CountingOptions): Counting {
  const { client, keys, name, clock, logger, everyMs = EVERY_MS } = options;
  const tally = createTally(keys);
  const script = loadScript(client, new URL('./add-counts.lua', import.meta.url), []);
  const underWay = new Map<number, Call>();
  const throttle = createLogThrottle({ logger, everyMs: COMPLAIN_EVERY_MS });
  let calls = 0;
  let flushing: Promise<void> | undefined;

  async function flushPartition(partition: number): Promise<void> {
    // Redis may have run it, and its reply was lost. So it goes out again as it was.
    const unconfirmed = underWay.get(partition);
    if (unconfirmed) await send(partition, unconfirmed);
    for (let isAll = false; !isAll; ) {
      const taken = tally.take(partition, clock.now());
      if (!taken) return;
      await send(partition, { number: ++calls, additions: taken.additions });
      isAll = taken.isAll;
    }
  }

  async function send(partition: number, call: Call): Promise<void> {
    underWay.set(partition, call);
    const { number, additions } = call;
    const prefix = keys.ownOf(partition);
    await script.run(prefix, [prefix, name, number, ...additions.flatMap(argumentsOf)]);
    underWay.delete(partition);
  }

  async function flushAll(): Promise<void> {
    const results = await Promise.allSettled(keys.partitions().map(flushPartition));
    // The log of the connection says once that Redis is away.
    const failure = results.find(
      (result) => result.status === 'rejected' && !isConnectionError(result.reason),
    );
    if (failure?.status === 'rejected') {
      throttle.warn({ reason: messageOf(failure.reason) }, 'counts could not be added; they wait');
    }
    const dropped = tally.takeDropped();
    if (dropped > 0) logger.warn({ dropped }, 'counts found no room in memory, and are lost');
  }

  const flush = () => {
    // While Redis is away commands wait; they must not pile up.
    flushing ??= flushAll().finally(() => {
      flushing = undefined;
    });
    return flushing;
  };
  const timer = setInterval(flush, everyMs);

  return {
    count: tally.add,
    flush,
    async stop() {
      clearInterval(timer);
      await flushing;
      await flush();
    },
  };
}

function argumentsOf({ key, keptMs, listing, fields }: Addition): (string | number)[] {
  const listed = listing ? [listing.key, listing.keptMs, listing.member] : ['', '', ''];
  return [key, keptMs, ...listed, fields.size, ...[...fields].flat()];
}
