import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeRedisUrl } from '../../../src/config/redis-url.ts';
import { createKeys, type Keys } from '../../../src/redis/keys.ts';

/**
 * Every key of a tenant, and one that the scripts of flow control build from the prefix of its
 * partition.
 */
function keysOf(keys: Keys, tenantId: string): string[] {
  return [
    `${keys.own(tenantId)}lane:${tenantId}:any`,
    keys.token(tenantId),
    keys.tokenLock(tenantId),
    keys.endpoints(tenantId),
  ];
}

/** The part of a key that decides its place in a Redis Cluster: the first one in braces. */
function hashTagOf(key: string): string | undefined {
  return /\{([^}]+)\}/.exec(key)?.[1];
}

const tenantId = fc.stringMatching(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,10}$/);
describe('the keys of a tenant', () => {
  test('have the documented form', () => {
    const keys = createKeys('gwm', 1);
    expect(keys.own('acme')).toBe('gwm:{0}:');
    expect(keys.token('acme')).toBe('gwm:{0}:token:acme');
    expect(keys.tokenLock('acme')).toBe('gwm:{0}:token-lock:acme');
    expect(keys.endpoint('acme', 'ep-1')).toBe('gwm:{0}:endpoint:ep-1');
    expect(keys.endpointPermits('acme', 'ep-1')).toBe('gwm:{0}:endpoint-permits:ep-1');
    expect(keys.endpointWaiting('acme', 'ep-1')).toBe('gwm:{0}:endpoint-waiting:ep-1');
    expect(keys.endpoints('acme')).toBe('gwm:{0}:endpoints:acme');
    expect(keys.attempts('acme', 'wh-1')).toBe('gwm:{0}:attempts:wh-1');
    expect(keys.webhookCounts(0)).toBe('gwm:{0}:webhook-counts');
    expect(keys.auditStream(0)).toBe('gwm:{0}:audit');
    expect(keys.auditRetention()).toBe('gwm:{0}:audit-retention');
    expect(keys.apiKeys()).toBe('gwm:{0}:api-keys');
    expect(keys.apiKeyUses()).toBe('gwm:{0}:api-key-uses');
    expect(keys.apiKeyMade()).toBe('gwm:{0}:api-key-made');
    expect(keys.queuePrefix(0)).toBe('gwm:{0}');
    expect(keys.ownOf(0)).toBe('gwm:{0}:');
  });

  test('are in the hash slot of its queues', () => {
    fc.assert(
      fc.property(tenantId, fc.integer({ min: 1, max: 64 }), (tenant, partitions) => {
        const keys = createKeys('gwm', partitions);
        const tag = String(keys.partitionOf(tenant));
        expect(hashTagOf(keys.queuePrefix(keys.partitionOf(tenant)))).toBe(tag);
        expect(new Set(keysOf(keys, tenant).map(hashTagOf))).toEqual(new Set([tag]));
      }),
    );
  });

  test('differ from those of every other tenant', () => {
    fc.assert(
      fc.property(tenantId, tenantId, (tenant, other) => {
        fc.pre(tenant !== other);
        const keys = createKeys('gwm', 1);
        const others = keysOf(keys, other);
        expect(keysOf(keys, tenant).filter((key) => others.includes(key))).toEqual([]);
      }),
    );
  });

  test('differ from those of every other installation', () => {
    const [one, other] = [createKeys('gwm', 4), createKeys('gwm-test', 4)];
    const others = new Set(keysOf(other, 'acme'));
    expect(keysOf(one, 'acme').filter((key) => others.has(key))).toEqual([]);
  });
});

test('an address of Redis is shown without user name and password', () => {
  expect(describeRedisUrl('redis://admin:hunter2@redis.example:6380/2')).toBe('redis://redis.example:6380/2');
  expect(describeRedisUrl('rediss://:hunter2@redis.example')).toBe('rediss://redis.example');
  expect(describeRedisUrl('redis://h/?password=hunter2')).toBe('redis://h');
  expect(describeRedisUrl('hunter2 hunter2')).toBe('the address in REDIS_URL');
});
