import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeRedisUrl } from '../../../src/redis/connect.ts';
import { createKeys, type Keys } from '../../../src/redis/keys.ts';

/** Every key of one lane of a tenant. */
function keysOf(keys: Keys, tenantId: string, lane: string): string[] {
  return [
    keys.ticket(tenantId, lane),
    keys.bucket(tenantId, 'messages'),
    keys.slots(tenantId, 'messages'),
    keys.token(tenantId),
    keys.tokenLock(tenantId),
    keys.job(tenantId, 'message-transmission', 'kabc'),
  ];
}

/** The part of a key that decides its place in a Redis Cluster: the first one in braces. */
function hashTagOf(key: string): string | undefined {
  return /\{([^}]+)\}/.exec(key)?.[1];
}

const tenantId = fc.stringMatching(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,10}$/);
const lane = fc.string({
  unit: fc.constantFrom('a', 'b', ':', '{', '}', '*', 'ticket', 'é'),
  minLength: 1,
  maxLength: 8,
});

describe('the keys of a tenant', () => {
  test('are written as they are documented', () => {
    const keys = createKeys('gwm', 1);
    expect(keysOf(keys, 'acme', 'conv-def-456')).toEqual([
      'gwm:{0}:ticket:acme:conv-def-456',
      'gwm:{0}:bucket:acme:messages',
      'gwm:{0}:slots:acme:messages',
      'gwm:{0}:token:acme',
      'gwm:{0}:token-lock:acme',
      'gwm:{0}:message-transmission:kabc',
    ]);
    expect(keys.queuePrefix(0)).toBe('gwm:{0}');
  });

  test('lie in one hash slot, that of its queues, whatever its conversations are called', () => {
    fc.assert(
      fc.property(tenantId, lane, fc.integer({ min: 1, max: 64 }), (tenant, anyLane, partitions) => {
        const keys = createKeys('gwm', partitions);
        const tag = String(keys.partitionOf(tenant));
        expect(hashTagOf(keys.queuePrefix(keys.partitionOf(tenant)))).toBe(tag);
        expect(new Set(keysOf(keys, tenant, anyLane).map(hashTagOf))).toEqual(new Set([tag]));
      }),
    );
  });

  test('are never those of another tenant or lane', () => {
    fc.assert(
      fc.property(tenantId, lane, tenantId, lane, (tenant, anyLane, otherTenant, otherLane) => {
        const keys = createKeys('gwm', 1);
        fc.pre(tenant !== otherTenant || anyLane !== otherLane);
        expect(keys.ticket(tenant, anyLane)).not.toBe(keys.ticket(otherTenant, otherLane));
        fc.pre(tenant !== otherTenant);
        const own = keysOf(keys, tenant, anyLane).slice(0, 5);
        const others = keysOf(keys, otherTenant, otherLane).slice(0, 5);
        expect(own.filter((key) => others.includes(key))).toEqual([]);
      }),
    );
  });

  test('are never those of another installation', () => {
    const [one, other] = [createKeys('gwm', 4), createKeys('gwm-test', 4)];
    const others = new Set(keysOf(other, 'acme', 'lane'));
    expect(keysOf(one, 'acme', 'lane').filter((key) => others.has(key))).toEqual([]);
  });
});

test('an address of Redis is shown without its login', () => {
  expect(describeRedisUrl('redis://admin:hunter2@redis.example:6380/2')).toBe('redis://redis.example:6380/2');
  expect(describeRedisUrl('rediss://:hunter2@redis.example')).toBe('rediss://redis.example');
  expect(describeRedisUrl('redis://h/?password=hunter2')).toBe('redis://h');
  expect(describeRedisUrl('hunter2 hunter2')).toBe('the address in REDIS_URL');
});
