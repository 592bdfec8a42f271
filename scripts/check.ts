/** `npm run check` runs the stages that need no Redis, in less than a minute. */
import { runStages } from './run-stages.ts';
import { CHECK } from './stages.ts';

process.exitCode = await runStages(CHECK);
