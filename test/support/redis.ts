import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { inject } from 'vitest';
import { onEnd } from './lifetime.ts';

/** Where a test may write: the shared Redis, under a prefix that no other test uses. */
export interface TestRedis {
  url: string;
  prefix: string;
}

/**
 * A name space for one test, or for a whole file when called outside a test. Its keys are removed when the test has
 * passed; those of a failed one stay for a look. Others may be using the server, so nothing here ever flushes it.
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
  // One try: a server that a test has killed must not hold up the end of the test.
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
