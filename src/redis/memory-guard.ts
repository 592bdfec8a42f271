import { RedisFullError } from '../core/errors.ts';
import type { RedisClient } from './connect.ts';
import { isConnectionError } from './failure.ts';

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
const FULL_AT = 0.9;
/** How long an answer counts, ms. */
const SAMPLE_MS = 1000;

interface Memory {
  readonly used: number;
  /** 0: no limit. */
  readonly max: number;
}

export function createMemoryGuard(client: Pick<RedisClient, 'ofMasters'>): MemoryGuard {
  let sampledAtMs = Number.NEGATIVE_INFINITY;
  let sample: Promise<readonly Memory[]> = Promise.resolve([]);

  return {
    async check() {
      // A monotonic clock: the clock of the machine may be set back.
      const nowMs = performance.now();
      if (nowMs - sampledAtMs >= SAMPLE_MS) {
        sampledAtMs = nowMs;
        sample = client.ofMasters(read);
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

/** A Redis that does not say, for example because the user may not read INFO, has no limit. */
async function read(master: Pick<RedisClient, 'info'>): Promise<Memory> {
  const text = await master.info('memory').catch((error: unknown) => {
    if (isConnectionError(error)) throw error;
    return '';
  });
  const field = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(text)?.[1] ?? 0);
  return { used: field('used_memory'), max: field('maxmemory') };
}
