import type { KeySpec } from '../../../src/access/api-key.ts';
import { type ApiKeys, createApiKeys } from '../../../src/access/api-keys.ts';
import type { RandomBytes } from '../../../src/access/secret.ts';
import { createRedis, type RedisClient } from '../../../src/redis/connect.ts';
import { createKeys, type Keys } from '../../../src/redis/keys.ts';
import { createManualClock, type ManualClock } from '../../support/clock.ts';
import { onEnd } from '../../support/lifetime.ts';
import { type TestRedis, testRedis } from '../../support/redis.ts';
import { contentUnder } from '../../support/redis-content.ts';

export const HOUR = 3_600_000;

/** API keys in a Redis of their own name space, with a clock that the test moves. */
export interface KeyStage {
  readonly redis: TestRedis;
  readonly client: RedisClient;
  readonly keys: Keys;
  readonly clock: ManualClock;
  readonly apiKeys: ApiKeys;
  /** The API keys as another process sees them: with a cache of its own. */
  another(random?: RandomBytes): ApiKeys;
}

export function setKeys(redis: TestRedis = testRedis()): KeyStage {
  const client = createRedis({ url: redis.url, role: 'caller' });
  onEnd(() => client.disconnect());
  const keys = createKeys(redis.prefix, 1);
  const clock = createManualClock();
  const another = (random?: RandomBytes) => createApiKeys({ client, keys, clock, ...(random && { random }) });
  return { redis, client, keys, clock, apiKeys: another(), another };
}

export function keySpec(fields: Partial<KeySpec> = {}): KeySpec {
  return { name: 'crm', tenants: ['acme'], scopes: ['send'], ...fields };
}

/** Every key in Redis under a prefix, and all that it holds, as texts. */
export async function textsOf(client: RedisClient, prefix: string): Promise<string[]> {
  const texts: string[] = [];
  for await (const { key, value } of contentUnder(client, prefix)) texts.push(key, JSON.stringify(value));
  return texts;
}
