import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { alone, createCrossing } from '../../../src/queues/crossing.ts';

test('batches cross side by side', async () => {
  const crossing = createCrossing();
  const [first, second] = [crossing.enter(), crossing.enter()];

  await first.begins;
  await second.begins;

  second.leave();
  first.leave();
});

test('a batch that was refused goes again when those before it have left, and before those behind it', async () => {
  const crossing = createCrossing();
  const acts: string[] = [];
  const [first, second] = [crossing.enter(), crossing.enter()];
  await Promise.all([first.begins, second.begins]);
  const again = second.hold().then(() => acts.push('second again'));
  const third = crossing.enter();
  const later = third.begins.then(() => acts.push('third'));

  await setImmediate();
  expect(acts).toEqual([]);
  first.leave();
  await again;
  await setImmediate();
  expect(acts).toEqual(['second again']);
  second.leave();
  await later;

  expect(acts).toEqual(['second again', 'third']);
});

test('two batches that were refused go again in their order', async () => {
  const crossing = createCrossing();
  const acts: number[] = [];
  const [first, second] = [crossing.enter(), crossing.enter()];
  const later = second.hold().then(() => acts.push(2));
  const earlier = first.hold().then(() => acts.push(1));

  await earlier;
  first.leave();
  await later;

  expect(acts).toEqual([1, 2]);
});

test('a new layout waits for batches under way, and later batches wait for it', async () => {
  const crossing = createCrossing();
  const acts: string[] = [];
  const first = crossing.enter();
  await first.begins;
  const change = alone(crossing, () => void acts.push('layout'));
  const second = crossing.enter();
  const later = second.begins.then(() => acts.push('second'));

  await setImmediate();
  expect(acts).toEqual([]);
  first.leave();
  await change;
  await later;

  expect(acts).toEqual(['layout', 'second']);
});
