import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { inject } from 'vitest';
import { onEnd } from './lifetime.ts';

/** The place in Redis for a test: the shared server, under a unique prefix. */
export interface TestRedis {
  url: string;
  prefix: string;
}

/**
 * A prefix for one test, or for a file if called outside a test. The keys of a passed test are
 * removed. Those of a failed test stay for a look. Others may use the server, so tests never flush
 * it.
 */
export function testRedis(): TestRedis {
  const url = inject('redisUrl');
  const prefix = `t-${randomBytes(6).toString('hex')}`;
  onEnd(async (passed) => {
    if (passed) await removeKeys(url, prefix);
    else console.error(`The test failed; its keys are kept under ${prefix}`);
  });
  return { url, prefix };
}

/** Removes every key that starts with `prefix`. */
export async function removeKeys(url: string, prefix: string): Promise<void> {
  // One attempt only: a server that a test has killed must not delay the end of the test.
  const redis = new Redis(url, { maxRetriesPerRequest: 0, retryStrategy: () => null });
  redis.on('error', () => {});
  try {
    for await (const keys of redis.scanStream({ match: `${prefix}*`, count: 1000 })) {
      if (keys.length > 0) await redis.unlink(...keys);
    }
  } finally {
    redis.disconnect();
  }
}
