import { onTestFinished, TestRunner } from 'vitest';

/** Cleans up after a test. `passed` is false if the remains of the test may still help. */
export type CleanUp = (passed: boolean) => unknown;

const atEndOfFile: CleanUp[] = [];

/**
 * Runs `cleanUp` at the end of the current test. Outside a test (`beforeAll`, the body of a file)
 * it runs at the end of the file. The last one runs first.
 */
export function onEnd(cleanUp: CleanUp): void {
  if (!TestRunner.getCurrentTest()) atEndOfFile.push(cleanUp);
  else onTestFinished(async ({ task }) => void (await cleanUp(task.result?.state !== 'fail')));
}

/** Clears up after a file. */
export async function endFile(allPassed: boolean): Promise<void> {
  for (const cleanUp of atEndOfFile.splice(0).reverse()) await cleanUp(allPassed);
}
