import { onTestFinished, TestRunner } from 'vitest';

/** Cleans up after a test. `passed` is false if the remains of the test may still help. */
export type CleanUp = (passed: boolean) => unknown;

const atEndOfFile: CleanUp[] = [];
let isForFile = false;

/**
 * Runs `cleanUp` at the end of the current test. Outside a test (`beforeAll`, the body of a file)
 * it runs at the end of the file. The last one runs first.
 */
export function onEnd(cleanUp: CleanUp): void {
  if (isForFile || !TestRunner.getCurrentTest()) atEndOfFile.push(cleanUp);
  else onTestFinished(async ({ task }) => void (await cleanUp(task.result?.state !== 'fail')));
}

/**
 * Calls a function that opens something. What it opens before it waits for anything lives until the
 * end of the file, also in a test.
 */
export function forFile<Result>(open: () => Result): Result {
  isForFile = true;
  try {
    return open();
  } finally {
    isForFile = false;
  }
}

/** Clears up after a file. */
export async function endFile(allPassed: boolean): Promise<void> {
  for (const cleanUp of atEndOfFile.splice(0).reverse()) await cleanUp(allPassed);
}
