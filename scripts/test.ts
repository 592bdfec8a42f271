/** `npm test`: the check, then every suite against a real Redis. The last line is `N passed, N failed`. */
import { runStages } from './run-stages.ts';
import { CHECKS, SUITES } from './stages.ts';

process.exitCode = await runStages([...CHECKS, ...SUITES]);
