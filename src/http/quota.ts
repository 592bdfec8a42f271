import type { Config } from '../config/settings.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import { loadScript } from '../redis/script.ts';

/** The quota of each API key, the same for all processes that serve. */
export interface Quota {
  /** Counts one request. */
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
  return {
    async take(keyId) {
      const reply = await script.run([keys.apiQuota(keyId), interval, burst]);
      const [within, left, untilFull, untilNext] = reply as [number, number, number, number];
      const isWithin = within === 1;
      const retryAfterSeconds = Math.max(1, Math.ceil(untilNext / MICROSECONDS));
      // Retry-After must not be earlier than `t`.
      const seconds = isWithin ? Math.ceil(untilFull / MICROSECONDS) : retryAfterSeconds;
      return {
        isWithin,
        retryAfterSeconds,
        headers: {
          'ratelimit-policy': policy,
          ratelimit: `"${QUOTA_POLICY}";r=${left};t=${seconds}`,
        },
      };
    },
  };
}
