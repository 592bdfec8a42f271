import { Argument, Command } from 'commander';
import { JOB_KINDS } from '../../jobs/catalog.ts';
import { reaching } from '../reach.ts';

export function workerCommand(): Command {
  return new Command('worker')
    .description('run jobs until SIGTERM')
    .addArgument(queuesArgument())
    .option('--json', 'no effect: the log is always JSON, one object per line')
    .action(async (queues: string[]) => {
      const { runWorker } = await import('../../../workers/main.ts');
      process.exitCode = await reaching(runWorker(queues));
    });
}

/** It names the queues for the help and for shells. The worker refuses another one. */
function queuesArgument(): Argument {
  const argument = new Argument('[queue...]', 'queues to run; all by default');
  argument.argChoices = [...JOB_KINDS];
  return argument;
}
