import { Argument, Command } from 'commander';
import { OperatorError } from '../../core/errors.ts';
import { isJobKind, JOB_KINDS, type JobKind } from '../../jobs/catalog.ts';
import { JOB_STATES, type JobState, type JobView } from '../../queues/jobs.ts';
import { asOperator } from '../operator.ts';

export function jobsCommand(): Command {
  const jobs = new Command('jobs').description('look at single jobs, cancel or retry them');
  jobs
    .command('get')
    .description('show one job')
    .addArgument(queueArgument())
    .argument('<id>')
    .action(async (queue: string, id: string) => print(await get(kindOf(queue), id)));
  jobs
    .command('list')
    .description('list the newest jobs of a state')
    .addArgument(queueArgument())
    .addArgument(new Argument('[state]').choices(JOB_STATES).default('failed'))
    .option('--limit <number>', 'at most so many', '20')
    .action(async (queue: string, state: JobState, { limit }: { limit: string }) => {
      const kind = kindOf(queue);
      for (const job of await asOperator(({ jobs }) => jobs.list(kind, state, Number(limit)))) print(job);
    });
  jobs
    .command('cancel')
    .description('end a job that waits; it will not be sent')
    .addArgument(queueArgument())
    .argument('<id>')
    .action(async (queue: string, id: string) => {
      const kind = kindOf(queue);
      conclude(await asOperator(({ jobs }) => jobs.cancel(kind, id)), 'cancelled', id);
    });
  jobs
    .command('retry')
    .description('send a dead letter once more')
    .addArgument(queueArgument())
    .argument('<id>')
    .action(async (queue: string, id: string) => {
      const kind = kindOf(queue);
      conclude(await asOperator(({ jobs }) => jobs.retry(kind, id)), 'retried', id);
    });
  return jobs;
}

function queueArgument(): Argument {
  return new Argument('<queue>').choices(JOB_KINDS);
}

function kindOf(queue: string): JobKind {
  if (isJobKind(queue)) return queue;
  throw new OperatorError(`No queue ${queue}. The queues are: ${JOB_KINDS.join(', ')}.`);
}

async function get(kind: JobKind, id: string): Promise<JobView> {
  const job = await asOperator(({ jobs }) => jobs.get(kind, id));
  if (job) return job;
  throw new OperatorError(`${kind} has no job ${id}.`);
}

/** One JSON object per line, for people and programs alike. */
function print(value: unknown): void {
  console.log(JSON.stringify(value));
}

const WHY_NOT: Readonly<Record<string, string>> = {
  unknown: 'there is no such job',
  running: 'its request is under way and cannot be called back',
  ended: 'it has come to its end already',
  delivered: 'it was delivered, and is never sent twice',
  'not-failed': 'it is no dead letter',
};

function conclude(outcome: string, wanted: string, id: string): void {
  if (outcome !== wanted) throw new OperatorError(`${id} is not ${wanted}: ${WHY_NOT[outcome] ?? outcome}.`);
  console.log(`${id} ${wanted}`);
}
