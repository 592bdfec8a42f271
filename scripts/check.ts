/** `npm run check` runs the stages that need no Redis, in less than a minute. */
import { runStages } from './run-stages.ts';
import { CHECKS } from './stages.ts';

process.exitCode = await runStages(CHECKS);
