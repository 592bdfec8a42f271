import { afterAll, afterEach, onTestFinished, TestRunner } from 'vitest';

/** Clears up after a test; `passed` tells whether what the test leaves is of no more use. */
export type CleanUp = (passed: boolean) => unknown;

const atEndOfFile: CleanUp[] = [];
let allPassed = true;

/**
 * Runs `cleanUp` when the current test ends or, called outside a test (`beforeAll`, the body of a file), when the test
 * file ends. Last in, first out.
 */
export function onEnd(cleanUp: CleanUp): void {
  if (!TestRunner.getCurrentTest()) atEndOfFile.push(cleanUp);
  else onTestFinished(async ({ task }) => void (await cleanUp(task.result?.state !== 'fail')));
}

// Every test file loads its own copy of this module, so these hooks are the file's own.
afterEach(({ task }) => {
  allPassed &&= task.result?.state !== 'fail';
});
afterAll(async () => {
  for (const cleanUp of atEndOfFile.splice(0).reverse()) await cleanUp(allPassed);
});
