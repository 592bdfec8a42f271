import { expect, test } from 'vitest';
import { createPace } from '../../../src/queues/pace.ts';

/** Works that end when the test says so. */
function openWorks() {
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const work = (number: number) => () => {
    begun.push(number);
    return new Promise<void>((resolve) => {
      ends[number] = resolve;
    });
  };
  return { begun, ends, work };
}

test('scripts of many jobs wait for each other, and begin in their order', async () => {
  const { begun, ends, work } = openWorks();
  const pace = createPace();

  const all = Array.from({ length: 6 }, (_, number) => pace.accept(100, work(number)));
  expect(begun).toEqual([0, 1, 2, 3]);
  ends[2]?.();
  await all[2];
  expect(begun).toEqual([0, 1, 2, 3, 4]);
  ends[0]?.();
  await all[0];

  expect(begun).toEqual([0, 1, 2, 3, 4, 5]);
});

test('scripts of one job go together', () => {
  const { begun, work } = openWorks();
  const pace = createPace();

  for (let number = 0; number < 50; number++) void pace.accept(1, work(number));

  expect(begun).toHaveLength(50);
});

test('a script that fails leaves its place', async () => {
  const { begun, work } = openWorks();
  const pace = createPace();
  const failing = pace.accept(400, () => Promise.reject(new Error('BUSY')));
  const next = pace.accept(400, work(1));

  await expect(failing).rejects.toThrow('BUSY');
  await new Promise(setImmediate);

  expect(begun).toEqual([1]);
  void next;
});
