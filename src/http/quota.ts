import type { Config } from '../config/settings.ts';
import type { RedisClient } from '../redis/connect.ts';
import { isOutOfMemory } from '../redis/failure.ts';
import type { Keys } from '../redis/keys.ts';
import { loadScript } from '../redis/script.ts';

/** The quota of each API key, the same for all processes that serve. */
export interface Quota {
  /**
   * Counts one request. A full Redis counts none, and every request may go on: reads and the acts that
   * free memory must work then.
   */
  take(keyId: string): Promise<QuotaAnswer>;
}

export interface QuotaAnswer {
  readonly isWithin: boolean;
  readonly retryAfterSeconds: number;
  /** `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-11). */
  readonly headers: Readonly<Record<string, string>>;
}

export interface QuotaOptions {
  readonly client: RedisClient;
  readonly keys: Keys;
  readonly config: Pick<Config, 'apiRatePerSecond' | 'apiBurst'>;
}

const MICROSECONDS = 1_000_000;

export const QUOTA_POLICY = 'default';

export function createQuota({ client, keys, config }: QuotaOptions): Quota {
  const { apiRatePerSecond: rate, apiBurst: burst } = config;
  const script = loadScript(client, new URL('./quota.lua', import.meta.url), []);
  const interval = Math.max(1, Math.round(MICROSECONDS / rate));
  const policy = `"${QUOTA_POLICY}";q=${burst};w=${Math.max(1, Math.ceil(burst / rate))}`;

  const countOf = async (keyId: string, came: number): Promise<Count> => {
    const key = keys.apiQuota(keyId);
    const reply = await script.run(key, [key, interval, burst, came]);
    const [within, left, untilFull, untilNext] = reply as [number, number, number, number];
    return { within, left, untilFull, untilNext };
  };
  const take = together(countOf);

  return {
    async take(keyId) {
      const taken = await take(keyId).catch(unlessFull);
      if (!taken) return { isWithin: true, retryAfterSeconds: 0, headers: { 'ratelimit-policy': policy } };
      const { count, place } = taken;
      const isWithin = place < count.within;
      const later = Math.max(0, count.within - 1 - place);
      const retryAfterSeconds = Math.max(1, Math.ceil(count.untilNext / MICROSECONDS));
      const untilFull = Math.ceil((count.untilFull - later * interval) / MICROSECONDS);
      // Retry-After must not be earlier than `t`.
      const seconds = isWithin ? untilFull : retryAfterSeconds;
      return {
        isWithin,
        retryAfterSeconds,
        headers: {
          'ratelimit-policy': policy,
          ratelimit: `"${QUOTA_POLICY}";r=${count.left + later};t=${seconds}`,
        },
      };
    },
  };
}

function unlessFull(error: unknown): undefined {
  if (!isOutOfMemory(error)) throw error;
}

/** What Redis says of requests that it counted together. */
interface Count {
  /** The first ones, which may go on. */
  readonly within: number;
  /** Requests left behind the last of them. */
  readonly left: number;
  /** Microseconds. */
  readonly untilFull: number;
  readonly untilNext: number;
}

interface Place {
  readonly count: Count;
  /** Of one request among those that were counted together, from 0. */
  readonly place: number;
}

/**
 * Counts a request as soon as the process has read the requests that are there, and together with
 * these. Requests that come while others of their key are being counted are counted together behind
 * them. So a key with many callers costs Redis few commands.
 */
function together(countOf: (keyId: string, came: number) => Promise<Count>) {
  const waiting = new Map<string, PromiseWithResolvers<Place>[]>();

  const countAll = async (keyId: string) => {
    for (let came = waiting.get(keyId); came && came.length > 0; came = waiting.get(keyId)) {
      waiting.set(keyId, []);
      try {
        const count = await countOf(keyId, came.length);
        for (const [place, { resolve }] of came.entries()) resolve({ count, place });
      } catch (error) {
        for (const { reject } of came) reject(error);
      }
    }
    waiting.delete(keyId);
  };

  return async (keyId: string): Promise<Place> => {
    const request = Promise.withResolvers<Place>();
    const others = waiting.get(keyId);
    if (others) {
      others.push(request);
    } else {
      waiting.set(keyId, [request]);
      setImmediate(() => void countAll(keyId));
    }
    return await request.promise;
  };
}
