import { createApiKeys } from '../../access/api-keys.ts';
import { ApiError, ConnectionError } from '../../client/client.ts';
import { OperatorError } from '../../core/errors.ts';
import { openRedis } from '../../redis/connect.ts';
import { createKeys } from '../../redis/keys.ts';
import { openRedisClock } from '../../redis/redis-clock.ts';
import type { RedisTarget } from '../../redis/target.ts';

/** What a program needs to use the API of the demo. */
export interface ApiAccess {
  readonly url: string;
  /** The secret of an API key. */
  readonly key: string;
}

interface Installation {
  readonly redis: RedisTarget;
  readonly queuePrefix: string;
  readonly partitions: number;
}

/** Makes an API key for all tenants of the demo, which may send jobs and see them. @returns its secret */
export async function makeApiKey({ redis, queuePrefix, partitions }: Installation): Promise<string> {
  const client = await openRedis({ ...redis, role: 'caller' });
  try {
    const keys = createKeys(queuePrefix, partitions);
    const apiKeys = createApiKeys({ client, keys, clock: await openRedisClock(client) });
    const spec = { name: 'demo', tenants: 'all', scopes: ['send', 'read'] } as const;
    const { secret } = await apiKeys.create(spec);
    return secret;
  } finally {
    client.disconnect();
  }
}

/** Runs a call of the API. @throws {OperatorError} when the API does not take it. */
export async function answering<Result>(call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof ApiError || error instanceof ConnectionError)) throw error;
    throw new OperatorError(`The HTTP process did not take a request: ${error.message}`);
  }
}
