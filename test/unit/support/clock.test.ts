import { expect, test } from 'vitest';
import { createManualClock } from '../../support/clock.ts';

test('a manual clock moves only by order of the test', () => {
  const clock = createManualClock(1_000);
  expect(clock.now()).toBe(1_000);

  clock.advance(250);

  expect(clock.now()).toBe(1_250);
});

test('a manual clock does not run backwards', () => {
  expect(() => createManualClock().advance(-1)).toThrow('does not run backwards');
});
