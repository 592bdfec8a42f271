import { RedisFullError } from '../core/errors.ts';
import type { RedisClient } from './connect.ts';
import { type Memory, readMemories } from './memory.ts';

/**
 * Refuses new jobs before the memory of Redis is used up. Redis refuses every write then, also those
 * by which workers end jobs and free memory. In a cluster the fullest master counts.
 */
export interface MemoryGuard {
  /**
   * Resolves while there is memory for new jobs. It asks Redis once a second at most.
   * @throws {RedisFullError} or the error of a Redis that does not answer: a caller that went on would
   * wait as long again.
   */
  check(): Promise<void>;
}

/** Part of `maxmemory` that new jobs may use. */
export const FULL_AT = 0.9;
/** How long an answer counts, ms. */
const SAMPLE_MS = 1000;

export function createMemoryGuard(client: Pick<RedisClient, 'ofMasters'>): MemoryGuard {
  let sampledAtMs = Number.NEGATIVE_INFINITY;
  let sample: Promise<readonly Memory[]> = Promise.resolve([]);

  return {
    async check() {
      // A monotonic clock: the clock of the machine may be set back.
      const nowMs = performance.now();
      if (nowMs - sampledAtMs >= SAMPLE_MS) {
        sampledAtMs = nowMs;
        sample = readMemories(client);
        // The next caller asks again.
        sample.catch(() => {
          sampledAtMs = Number.NEGATIVE_INFINITY;
        });
      }
      const full = (await sample).find(({ used, max }) => max > 0 && used > FULL_AT * max);
      if (full) throw new RedisFullError(full.used, full.max);
    },
  };
}
