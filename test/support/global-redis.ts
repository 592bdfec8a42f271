import type { TestProject } from 'vitest/node';
import { openLocalRedis } from '../../src/redis/local-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The Redis that all tests of the project share. */
    redisUrl: string;
  }
}

/**
 * Gives the tests of a project one real Redis: that of REDIS_URL, or a private one that ends with
 * the run.
 */
export default async function provideRedis(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const given = process.env['REDIS_URL'];
  if (given) {
    project.provide('redisUrl', given);
    return undefined;
  }
  const redis = await openLocalRedis();
  project.provide('redisUrl', redis.url);
  return () => redis.close();
}
