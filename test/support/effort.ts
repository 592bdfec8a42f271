import { expect } from 'vitest';

/** The longer input is this many times as long as the shorter one. */
const FACTOR = 8;
/** Linear work takes 8 times as long, quadratic work 64 times. The bound is the geometric mean. */
const MOST = FACTOR ** 1.5;
/** A shorter time is noise. It counts as this time. */
const LEAST_MS = 1;
/** A garbage collection can affect one measurement, but not all. */
const TRIES = 3;

/**
 * Expects an act to be linear in the size of its input. It compares the processor time of this
 * process for an input and for an eighth of it. The speed and the load of the machine therefore do
 * not count.
 *
 * @returns the result for the longer input.
 */
export function expectLinear<Input, Result>(
  size: number,
  inputOf: (size: number) => Input,
  act: (input: Input) => Result,
): Result {
  const [short, long] = [inputOf(Math.ceil(size / FACTOR)), inputOf(size)];
  // The first run compiles the code, so it does not count.
  act(short);
  let result: Result | undefined;
  const ratios: number[] = [];
  do
    ratios.push(
      cpuMs(() => {
        result = act(long);
      }) /
        Math.max(
          LEAST_MS,
          cpuMs(() => act(short)),
        ),
    );
  while ((ratios.at(-1) ?? 0) >= MOST && ratios.length < TRIES);
  expect(Math.min(...ratios)).toBeLessThan(MOST);
  return result as Result;
}

function cpuMs(act: () => unknown): number {
  const before = process.cpuUsage();
  act();
  return process.cpuUsage(before).user / 1000;
}
