import { Command } from 'commander';
import { OperatorError } from '../../core/errors.ts';
import { asOperator } from '../operator.ts';
import { print, printJson } from '../output.ts';

export function whyCommand(): Command {
  return new Command('why')
    .description('say in one sentence why a job waits')
    .argument('<job>', 'the id of the job, of any queue')
    .option('--json', 'print reason, sentence and moment as JSON')
    .action(why);
}

async function why(jobId: string, { json }: { readonly json?: true }): Promise<void> {
  const explained = await asOperator(({ jobs }) => jobs.why(jobId));
  if (!explained) throw new OperatorError('There is no such job.', 'not-found');
  if (json) printJson(explained);
  else print(explained.sentence);
}
