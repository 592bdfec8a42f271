import { expect, test } from 'vitest';
import { createSlices, type Slices } from '../../../src/http/batch/breaths.ts';

const SLICE_MS = 5;
const STEP_MS = 1;

/** Calculates in steps, and breathes between them. @returns the looks of the process at each step. */
async function calculate(slices: Slices, steps: number, look: () => number): Promise<number[]> {
  const breaths = slices.open();
  const looks: number[] = [];
  for (let step = 0; step < steps; step++) {
    await breaths.due();
    looks.push(look());
    for (const startedMs = performance.now(); performance.now() - startedMs < STEP_MS; );
  }
  return looks;
}

test('ten calculations together hold up other work no longer than one does, and take turns', async () => {
  const slices = createSlices(SLICE_MS);
  let looks = 0;
  let next: NodeJS.Immediate;
  const look = () => {
    looks++;
    next = setImmediate(look);
  };
  next = setImmediate(look);

  const all = await Promise.all(Array.from({ length: 10 }, () => calculate(slices, 20, () => looks)));
  clearImmediate(next);

  const stepsOfLook = Map.groupBy(all.flat(), (at) => at);
  expect(Math.max(...[...stepsOfLook.values()].map(({ length }) => length))).toBeLessThanOrEqual(
    SLICE_MS / STEP_MS,
  );
  const ends = all.map((own) => own.at(-1) ?? 0);
  // Each needs at least four slices, and none waits until another has ended.
  expect(Math.max(...all.map((own) => own[0] ?? 0))).toBeLessThan(Math.min(...ends));
});
