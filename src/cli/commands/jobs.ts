import { Argument, Command } from 'commander';
import { OperatorError } from '../../core/errors.ts';
import { JOB_KINDS } from '../../jobs/catalog.ts';
import { JOB_STATES, type JobState } from '../../queues/jobs.ts';
import { queueNamed } from '../names.ts';
import { asOperator } from '../operator.ts';
import { print, printJson } from '../output.ts';
import { wholeNumber } from '../values.ts';

interface Format {
  readonly json?: true;
}

const MAX_LISTED = 1000;

export function jobsCommand(): Command {
  const jobs = new Command('jobs').description('show, cancel or retry single jobs');
  jobs
    .command('get')
    .description('show one job as JSON; content that its caller wrote is masked')
    .addArgument(queueArgument())
    .argument('<id>')
    .option('--json', 'the same')
    .action(get);
  jobs
    .command('list')
    .description('list the newest jobs of a state, one JSON object per line; content is masked')
    .addArgument(queueArgument())
    .addArgument(new Argument('[state]').choices(JOB_STATES).default('failed'))
    .option('--limit <number>', `most jobs to list, up to ${MAX_LISTED}`, wholeNumber(1, MAX_LISTED), 20)
    .option('--json', 'the same')
    .action(list);
  jobs
    .command('cancel')
    .description('cancel a waiting job; no worker sends it')
    .addArgument(queueArgument())
    .argument('<id>')
    .option('--json', 'print the result as JSON')
    .action(cancel);
  jobs
    .command('retry')
    .description('send a dead letter again')
    .addArgument(queueArgument())
    .argument('<id>')
    .option('--json', 'print the result as JSON')
    .action(retry);
  return jobs;
}

function queueArgument(): Argument {
  return new Argument('<queue>').choices(JOB_KINDS);
}

async function get(queue: string, id: string): Promise<void> {
  const kind = queueNamed(queue);
  const job = await asOperator(({ jobs }) => jobs.get(kind, id));
  if (!job) throw new OperatorError(`${kind} has no such job.`, 'not-found');
  printJson(job);
}

async function list(queue: string, state: JobState, { limit }: { limit: number }): Promise<void> {
  const kind = queueNamed(queue);
  for (const job of await asOperator(({ jobs }) => jobs.list(kind, state, limit))) printJson(job);
}

async function cancel(queue: string, id: string, format: Format): Promise<void> {
  const kind = queueNamed(queue);
  conclude(await asOperator(({ jobs }) => jobs.cancel(kind, id)), 'cancelled', id, format);
}

async function retry(queue: string, id: string, format: Format): Promise<void> {
  const kind = queueNamed(queue);
  conclude(await asOperator(({ jobs }) => jobs.retry(kind, id)), 'retried', id, format);
}

const WHY_NOT: Readonly<Record<string, string>> = {
  running: 'its request is under way and cannot be taken back',
  ended: 'it has ended already',
  delivered: 'it was delivered, and workers never send a job twice',
  'not-failed': 'it is not a dead letter',
};

function conclude(outcome: string, wanted: string, id: string, { json }: Format): void {
  if (outcome === 'unknown') throw new OperatorError('There is no such job.', 'not-found');
  if (outcome !== wanted) {
    throw new OperatorError(`The job is not ${wanted}: ${WHY_NOT[outcome] ?? outcome}.`, 'refused');
  }
  if (json) printJson({ jobId: id, outcome });
  else print(`${id} ${wanted}`);
}
