import { Argument, Command } from 'commander';
import { OperatorError } from '../../core/errors.ts';
import { JOB_KINDS } from '../../jobs/catalog.ts';
import type { JobFilter } from '../../queues/job-filter.ts';
import { JOB_STATES, type JobReads, type JobState } from '../../queues/jobs.ts';
import { queueNamed } from '../names.ts';
import { asOperator } from '../operator.ts';
import { print, printJson } from '../output.ts';
import { wholeNumber } from '../values.ts';
import { addFilter, type FilterOptions, filterOf, showProgress } from './job-filter.ts';
import { addReads } from './job-reads.ts';

interface Format {
  readonly json?: true;
}

interface BulkFormat extends FilterOptions, Format {
  readonly dryRun?: true;
}

const MAX_LISTED = 1000;

export function jobsCommand(): Command {
  const jobs = new Command('jobs').description('show, cancel or retry jobs');
  jobs
    .command('get')
    .description('show one job as JSON; content that its caller wrote is masked')
    .addArgument(queueArgument())
    .argument('<id>')
    .option('--json', 'the same')
    .action(get);
  const list = jobs
    .command('list')
    .description('list the newest jobs, one JSON object per line: of a queue and state, or of a tenant')
    .addArgument(new Argument('[queue]').choices(JOB_KINDS))
    .addArgument(new Argument('[state]').choices(JOB_STATES));
  addFilter(list, { hasState: true })
    .option('--limit <number>', `most jobs to list, up to ${MAX_LISTED}`, wholeNumber(1, MAX_LISTED), 20)
    .option('--json', 'the same')
    .action(listJobs);
  const cancel = jobs
    .command('cancel')
    .description('cancel a waiting job, or all waiting jobs that the options choose; no worker sends them')
    .addArgument(new Argument('[queue]').choices(JOB_KINDS))
    .argument('[id]');
  addFilter(cancel, { hasState: true })
    .option('--dry-run', 'count the jobs, and change nothing')
    .option('--json', 'print the result as JSON')
    .action(cancelJobs);
  const retry = jobs
    .command('retry')
    .description('send a dead letter again, or all dead letters that the options choose, in their order')
    .addArgument(new Argument('[queue]').choices(JOB_KINDS))
    .argument('[id]');
  addFilter(retry, { hasState: false })
    .option('--dry-run', 'count the jobs, and change nothing')
    .option('--json', 'print the result as JSON')
    .action(retryJobs);
  addReads(jobs);
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

async function listJobs(
  queue: string | undefined,
  state: JobState | undefined,
  { limit, ...options }: FilterOptions & { readonly limit: number },
): Promise<void> {
  const filter = filterOf(options);
  if (filter && queue !== undefined) throw new OperatorError(BOTH, 'usage');
  if (filter) return await asOperator(({ jobs }) => listByIndex(jobs, filter, limit));
  if (queue === undefined) throw new OperatorError(NEITHER, 'usage');
  const kind = queueNamed(queue);
  for (const job of await asOperator(({ jobs }) => jobs.list(kind, state ?? 'failed', limit))) printJson(job);
}

/** Prints jobs page by page: kind and state may leave out most of a page. */
async function listByIndex(jobs: JobReads, filter: JobFilter, limit: number): Promise<void> {
  let left = limit;
  let cursor: string | undefined;
  do {
    const page = await jobs.page({ ...filter, cursor, limit: MAX_LISTED });
    for (const job of page.jobs.slice(0, left)) printJson(job);
    left -= page.jobs.length;
    cursor = page.cursor ?? undefined;
  } while (cursor !== undefined && left > 0);
}

async function cancelJobs(
  queue: string | undefined,
  id: string | undefined,
  options: BulkFormat,
): Promise<void> {
  const filter = filterFor(queue, id, options);
  if (filter) return await actOnAll('cancelJobs', 'cancelled', filter, options);
  const name = { kind: queueNamed(queue ?? ''), jobId: id ?? '' };
  const outcome = await asOperator(({ operations }) => operations.cancelJob(name));
  conclude(outcome, 'cancelled', name.jobId, options);
}

async function retryJobs(
  queue: string | undefined,
  id: string | undefined,
  options: BulkFormat,
): Promise<void> {
  const filter = filterFor(queue, id, options);
  if (filter) return await actOnAll('retryJobs', 'retried', filter, options);
  const name = { kind: queueNamed(queue ?? ''), jobId: id ?? '' };
  const outcome = await asOperator(({ operations }) => operations.retryJob(name));
  conclude(outcome, 'retried', name.jobId, options);
}

/** @throws {OperatorError} unless it is one job, or a filter. */
function filterFor(
  queue: string | undefined,
  id: string | undefined,
  options: BulkFormat,
): JobFilter | undefined {
  const filter = filterOf(options);
  if (filter && queue !== undefined) throw new OperatorError(BOTH, 'usage');
  if (!filter && (queue === undefined || id === undefined)) throw new OperatorError(NEITHER, 'usage');
  if (!filter && options.dryRun) throw new OperatorError('--dry-run needs --tenant.', 'usage');
  return filter;
}

async function actOnAll(
  act: 'cancelJobs' | 'retryJobs',
  done: string,
  filter: JobFilter,
  options: BulkFormat,
): Promise<void> {
  const [dryRun, json] = [options.dryRun === true, options.json === true];
  await asOperator(async ({ operations }) => {
    await showProgress(operations[act]({ filter, dryRun }), { done, dryRun, json });
  });
}

const BOTH = 'Name a queue, or --tenant and other options, and not both.';
const NEITHER = 'Name a queue and a job, or --tenant and other options.';

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
