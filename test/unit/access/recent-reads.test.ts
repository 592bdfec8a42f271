import { expect, test } from 'vitest';
import { createRecentReads } from '../../../src/access/recent-reads.ts';
import type { Clock } from '../../../src/core/clock.ts';
import { createManualClock } from '../../support/clock.ts';

function setReads(clock: Clock) {
  const read: string[] = [];
  const recent = createRecentReads({
    read: async (id) => `${id}${read.push(id)}`,
    clock,
    maxAgeMs: 2000,
    maxEntries: 2,
  });
  return { recent, read };
}

test('a value is read once within its age, and its age begins with the read', async () => {
  const clock = createManualClock();
  const { recent } = setReads(clock);

  expect(await Promise.all([recent.of('a'), recent.of('a')])).toEqual(['a1', 'a1']);
  clock.advance(1999);
  expect(await recent.of('a')).toBe('a1');
  clock.advance(1);
  expect(await recent.of('a')).toBe('a2');
  recent.forget('a');
  expect(await recent.of('a')).toBe('a3');
});

test('the number of values is bounded, and the oldest one goes first', async () => {
  const { recent, read } = setReads(createManualClock());

  for (const id of ['a', 'b', 'c', 'b', 'c', 'a']) await recent.of(id);

  expect(read).toEqual(['a', 'b', 'c', 'a']);
});

test('a clock that is set back does not keep a value', async () => {
  let nowMs = 1_000_000;
  const { recent } = setReads({ now: () => nowMs });
  await recent.of('a');

  nowMs -= 500_000;

  expect(await recent.of('a')).toBe('a2');
});
