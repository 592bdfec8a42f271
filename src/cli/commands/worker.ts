import { Command } from 'commander';
import { JOB_KINDS } from '../../jobs/catalog.ts';
import { reaching } from '../reach.ts';

export function workerCommand(): Command {
  return new Command('worker')
    .description('run jobs until SIGTERM')
    .argument('[queue...]', `queues to run: ${JOB_KINDS.join(', ')}; all by default`)
    .option('--json', 'no effect: the log is always JSON, one object per line')
    .action(async (queues: string[]) => {
      const { runWorker } = await import('../../../workers/main.ts');
      process.exitCode = await reaching(runWorker(queues));
    });
}
