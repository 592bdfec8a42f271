import { describe, expect, test } from 'vitest';
import { createThrottle, kindOf } from '../../../src/observe/throttle.ts';

describe('a throttle', () => {
  test('lets the first of each kind pass, then one in a while, with how many came in between', () => {
    let now = 0;
    const throttle = createThrottle(1000, () => now);

    expect([throttle.admit('a'), throttle.admit('a'), throttle.admit('b')]).toEqual([0, undefined, 0]);
    now = 999;
    expect(throttle.admit('a')).toBeUndefined();
    now = 1000;
    expect([throttle.admit('a'), throttle.admit('a')]).toEqual([2, undefined]);
  });

  test('is bounded, whatever the kinds', () => {
    const throttle = createThrottle(1000, () => 0);
    const told = Array.from({ length: 1000 }, (_, n) => throttle.admit(`kind ${n}`));

    expect(told.every((suppressed) => suppressed === 0)).toBe(true);
  });
});

test.for([
  ['Missing lock for job j1a2b3c. moveToFinished', 'Missing lock for job j9z8y7x-step. moveToFinished'],
  ['connect ECONNREFUSED 127.0.0.1:6379', 'connect ECONNREFUSED 10.0.0.7:6380'],
] as const)('texts that differ in ids and numbers alone are of one kind: %j', ([one, other]) => {
  expect(kindOf(one)).toBe(kindOf(other));
  expect(kindOf(one)).not.toBe(kindOf('READONLY this server is a replica'));
});
