import { describe, expect, test } from 'vitest';
import { describeRedisFailure, isDemotion } from '../../../src/redis/failure.ts';

const ADDRESS = 'redis://redis.example:6379';

describe('the failure of Redis', () => {
  test.for([
    ["READONLY You can't write against a read only replica.", 'is read-only (a replica)'],
    ['ERR Error running script: @user_script:1: -READONLY You cannot write', 'is read-only (a replica)'],
    ['UNBLOCKED force unblock from blocking operation', 'is read-only (a replica)'],
    [
      "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
      'has lost its master',
    ],
    ['LOADING Redis is loading the dataset in memory', 'is loading its data'],
    ["OOM command not allowed when used memory > 'maxmemory'.", 'has no memory left'],
    ['MOVED 12182 127.0.0.1:7503', 'is a node of a Redis Cluster. Set REDIS_URL to'],
    ['CLUSTERDOWN The cluster is down', 'does not serve all its hash slots now (CLUSTERDOWN)'],
    ['TRYAGAIN Multiple keys request during rehashing of slot', 'is moving a hash slot'],
    [
      'All sentinels are unreachable. Retrying from scratch after 10ms.',
      'has no sentinel that names a master',
    ],
    ['ERR This instance has cluster support disabled', 'is a single server and no node of a Redis Cluster'],
    ["CROSSSLOT Keys in request don't hash to the same slot", 'is a node of a Redis Cluster'],
    ['NOPERM this user has no permissions', 'refuses the login (NOPERM'],
    ['WRONGPASS invalid username-password pair', 'Check user and password in REDIS_URL'],
    ['MISCONF Redis is configured to save RDB snapshots', 'cannot save its data'],
    ['connect ECONNREFUSED 127.0.0.1:6379', 'does not answer (connect ECONNREFUSED'],
    [
      "Socket timeout. Expecting data, but didn't receive any in 2500ms.",
      'does not answer (no answer for 2.5 s)',
    ],
  ])('becomes one sentence: %s', ([reason, sentence]) => {
    expect(describeRedisFailure(ADDRESS, new Error(reason))).toContain(`Redis at ${ADDRESS} ${''}`);
    expect(describeRedisFailure(ADDRESS, new Error(reason))).toContain(sentence);
  });

  test('of a discarded transaction is that of its first refused command', () => {
    const discarded = Object.assign(
      new Error('EXECABORT Transaction discarded because of previous errors.'),
      {
        previousErrors: [
          new Error("OOM command not allowed when used memory > 'maxmemory'."),
          new Error('other'),
        ],
      },
    );

    expect(describeRedisFailure(ADDRESS, discarded)).toContain('has no memory left');
  });

  test('is not found in an error of this program', () => {
    expect(describeRedisFailure(ADDRESS, new TypeError('one entry in, one report out'))).toBeUndefined();
    expect(isDemotion(new Error('connect ECONNREFUSED'))).toBe(false);
  });
});
