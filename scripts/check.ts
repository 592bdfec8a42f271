/** `npm run check`: what needs no Redis, in under a minute. */
import { runStages } from './run-stages.ts';
import { CHECKS } from './stages.ts';

process.exitCode = await runStages(CHECKS);
