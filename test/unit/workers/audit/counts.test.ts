import { expect, test } from 'vitest';
import { COUNTS, NO_COUNTS, sumOf } from '../../../../workers/audit/counts.ts';

const page = { read: 5, added: 1, known: 2, outOfRange: 1, unreadable: 1 };

test('the sum of two counts adds each of them', () => {
  expect(sumOf(page, page)).toEqual({ read: 10, added: 2, known: 4, outOfRange: 2, unreadable: 2 });
  expect(sumOf(page, NO_COUNTS)).toEqual(page);
});

test('the sum has the counts of a saved state, and no other field of a page', () => {
  const other = { ...page, isLast: true };
  expect(Object.keys(sumOf(other, other))).toEqual(Object.keys(COUNTS));
});
