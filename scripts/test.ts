/** `npm test` runs the check, and then every suite. Its last line is `N passed, N failed`. */
import { runStages } from './run-stages.ts';
import { CHECKS, SUITES } from './stages.ts';

process.exitCode = await runStages([...CHECKS, ...SUITES]);
