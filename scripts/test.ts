/** `npm test` runs the check, and then every suite. Its last line is `N passed, N failed`. */
import { runStages } from './run-stages.ts';
import { TEST } from './stages.ts';

process.exitCode = await runStages(TEST);
