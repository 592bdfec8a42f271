import { Redis } from 'ioredis';
import { expect, inject, test, vi } from 'vitest';
import { onEnd } from '../../support/lifetime.ts';
import { removeKeys, testRedis } from '../../support/redis.ts';

// The first two tests leave keys behind, and the third looks at them. Tests run in the order of the
// file.
const left = { byPassed: '', byFailed: '' };

test('a test writes under a prefix of its own', async () => {
  const { prefix } = testRedis();
  expect(prefix).toMatch(/^t-[0-9a-f]{12}$/);
  expect(testRedis().prefix).not.toBe(prefix);

  left.byPassed = `${prefix}:{0}:key`;
  await client().set(left.byPassed, 'value');
});

test.fails('a test that fails', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  onEnd(() => vi.restoreAllMocks());
  left.byFailed = `${testRedis().prefix}:{0}:key`;
  await client().set(left.byFailed, 'value');
  expect.fail('on purpose');
});

test('the keys of a passed test are removed, and those of a failed one are kept', async () => {
  expect(await client().exists(left.byPassed)).toBe(0);
  expect(await client().exists(left.byFailed)).toBe(1);

  await client().unlink(left.byFailed);
});

test('the end of a test keeps the keys of others', async () => {
  const { url, prefix } = testRedis();
  const redis = client();
  await redis.mset(
    Object.fromEntries(Array.from({ length: 3_000 }, (_, index) => [`${prefix}-mine:${index}`, 'x'])),
  );
  await redis.set(`${prefix}-yours`, 'x');

  await removeKeys(url, `${prefix}-mine`);

  expect(await redis.keys(`${prefix}*`)).toEqual([`${prefix}-yours`]);
});

function client(): Redis {
  const redis = new Redis(inject('redisUrl'));
  onEnd(() => redis.disconnect());
  return redis;
}
