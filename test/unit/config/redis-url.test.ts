import { describe, expect, test } from 'vitest';
import { describeRedisUrl, parseRedisUrl } from '../../../src/config/redis-url.ts';

describe('an address of Redis', () => {
  test.for([
    ['redis://h', { kind: 'server', isTls: false, hosts: [{ host: 'h', port: 6379 }], database: 0 }],
    [
      'rediss://u:p%40ss@h:6380/2',
      {
        kind: 'server',
        isTls: true,
        hosts: [{ host: 'h', port: 6380 }],
        username: 'u',
        password: 'p@ss',
        database: 2,
      },
    ],
    ['redis://:a,b@h', { kind: 'server', password: 'a,b' }],
    ['redis://:p@[::1]:7000', { kind: 'server', hosts: [{ host: '::1', port: 7000 }] }],
    [
      'redis://u:p@h1:7000,h2,[::1]:7002',
      {
        kind: 'cluster',
        username: 'u',
        password: 'p',
        hosts: [
          { host: 'h1', port: 7000 },
          { host: 'h2', port: 6379 },
          { host: '::1', port: 7002 },
        ],
      },
    ],
    ['rediss://u:p@h1:7000,u:p@h2:7000', { kind: 'cluster', isTls: true, username: 'u', password: 'p' }],
    ['redis+cluster://h', { kind: 'cluster', hosts: [{ host: 'h', port: 6379 }] }],
    [
      'redis+sentinel://u:p@s1,s2:26380/3?name=my.master',
      {
        kind: 'sentinel',
        hosts: [
          { host: 's1', port: 26_379 },
          { host: 's2', port: 26_380 },
        ],
        username: 'u',
        password: 'p',
        database: 3,
        masterName: 'my.master',
      },
    ],
  ] as const)('%s is understood', ([url, meaning]) => {
    expect(parseRedisUrl(url)).toMatchObject(meaning);
  });

  test.for([
    ['redis://u:hunter2@h1:7000,v:hunter2@h2:7000', 'the same user and password for every host'],
    ['redis://:hunter2@h1,h2/1', 'database 0: Redis Cluster has no other one'],
    ['redis+sentinel://:hunter2@s1,s2/0', 'the name of the master'],
    ['redis://:hunter2@h1:7000,h2:99999', 'an address such as'],
    ['redis://:hunter2@h1:7000,,h2', 'an address such as'],
    ['redis+cluster://', 'an address such as'],
    ['redis+other://:hunter2@h', 'an address such as'],
    ['redis://:hunter2%zz@h1,h2', 'a user and a password in which % is written as %25'],
  ])('%s is refused without its password', ([url = '', wanted]) => {
    const parse = () => parseRedisUrl(url);
    expect(parse).toThrow(`wanted ${wanted}`);
    expect(parse).toThrow(/^(?!.*hunter2)/);
  });

  test('is shown without user and password', () => {
    expect(describeRedisUrl('redis://admin:hunter2@h1:7000,admin:hunter2@h2')).toBe(
      'redis+cluster://h1:7000,h2:6379',
    );
    expect(describeRedisUrl('rediss+sentinel://admin:hunter2@s1,s2/2?name=main')).toBe(
      'rediss+sentinel://s1:26379,s2:26379/2?name=main',
    );
  });
});
