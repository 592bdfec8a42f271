/** Runs in each test file. Files of one worker share their modules, and so the list in `lifetime.ts`. */
import { afterAll, afterEach } from 'vitest';
import { endFile } from './lifetime.ts';

let allPassed = true;

afterEach(({ task }) => {
  allPassed &&= task.result?.state !== 'fail';
});
afterAll(() => endFile(allPassed));
