import { expect, test } from 'vitest';
import { redisAdvice } from '../../../src/redis/advice.ts';

const SOUND = { maxmemory: '1073741824', maxmemory_policy: 'noeviction', aof_enabled: '1' };

test('a sound Redis has no warnings', () => {
  expect(redisAdvice(SOUND)).toEqual({ warnings: [], unchecked: [] });
});

test('a Redis without a limit of its memory has a warning', () => {
  const { warnings } = redisAdvice({ ...SOUND, maxmemory: '0' });

  expect(warnings).toEqual([expect.stringMatching(/^maxmemory of Redis is 0: /)]);
});

test('what a server does not show is unchecked', () => {
  expect(redisAdvice({}).unchecked).toEqual(['maxmemory-policy', 'maxmemory', 'appendonly']);
});
