import { expect, test } from 'vitest';
import { createLocks } from '../../../src/runtime/locks.ts';

test('a renewal without a lock takes the lock from running jobs only', () => {
  const locks = createLocks();
  const inHand = locks.take({ id: 'in-hand' });
  const ended = locks.take({ id: 'ended' });
  ended.release();

  expect(locks.lose(['in-hand', 'ended', 'of another worker'])).toEqual(['in-hand']);
  expect(inHand.isHeld()).toBe(false);
});

test('the later run holds a job that BullMQ hands over twice', () => {
  const locks = createLocks();
  const earlier = locks.take({ id: 'twice' });
  const later = locks.take({ id: 'twice' });

  earlier.release();

  expect(earlier.isHeld()).toBe(false);
  expect(later.isHeld()).toBe(true);
});
