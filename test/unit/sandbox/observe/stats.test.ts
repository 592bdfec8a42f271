import { describe, expect, test } from 'vitest';
import { counterOf, createStats } from '../../../../src/sandbox/observe/stats.ts';

const zero = {
  accepted: 0,
  duplicates: 0,
  outOfOrder: 0,
  rateLimited: 0,
  unauthorized: 0,
  conflicts: 0,
  rejected: 0,
};

function newStats() {
  return createStats(['oauth.token', 'message.send'], ['acme', 'globex'], ['oauth.token']);
}

describe('the stats', () => {
  test('begin at zero, with every operation and tenant', () => {
    expect(newStats().snapshot()).toEqual({
      ...zero,
      byOperation: { 'oauth.token': zero, 'message.send': zero },
      byTenant: { acme: zero, globex: zero },
    });
  });

  test('count in total, by operation and by tenant', () => {
    const stats = newStats();
    stats.add('accepted', 'message.send', 'acme');
    stats.add('outOfOrder', 'message.send', 'acme');
    stats.add('accepted', 'message.send', 'globex');
    expect(stats.snapshot()).toEqual({
      ...zero,
      accepted: 2,
      outOfOrder: 1,
      byOperation: { 'oauth.token': zero, 'message.send': { ...zero, accepted: 2, outOfOrder: 1 } },
      byTenant: { acme: { ...zero, accepted: 1, outOfOrder: 1 }, globex: { ...zero, accepted: 1 } },
    });
  });

  test('count a request without a known operation or tenant in the total only', () => {
    const stats = newStats();
    stats.add('rejected', null, null);
    expect(stats.snapshot()).toMatchObject({
      rejected: 1,
      byOperation: { 'message.send': zero },
      byTenant: { acme: zero },
    });
  });

  test('leave granted tokens out of the total of accepted, but count refused tokens', () => {
    const stats = newStats();
    stats.add('accepted', 'oauth.token', 'acme');
    stats.add('unauthorized', 'oauth.token', 'acme');
    expect(stats.snapshot()).toMatchObject({
      accepted: 0,
      unauthorized: 1,
      byOperation: { 'oauth.token': { accepted: 1, unauthorized: 1 } },
      byTenant: { acme: { accepted: 0, unauthorized: 1 } },
    });
  });

  test('give a snapshot that later counts do not change', () => {
    const stats = newStats();
    const before = stats.snapshot();
    stats.add('accepted', 'message.send', 'acme');
    expect(before).toMatchObject({ accepted: 0, byTenant: { acme: { accepted: 0 } } });
  });
});

test.each([
  [200, 'accepted'],
  [202, 'accepted'],
  [400, 'rejected'],
  [401, 'unauthorized'],
  [403, 'rejected'],
  [404, 'rejected'],
  [408, 'rejected'],
  [409, 'conflicts'],
  [413, 'rejected'],
  [422, 'rejected'],
  [429, 'rateLimited'],
  [500, undefined],
  [503, undefined],
])('an answer with %i counts as %s', (status, counter) => {
  expect(counterOf(status)).toBe(counter);
});
