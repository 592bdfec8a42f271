import type { Command } from 'commander';
import { errorTextOf } from '../../core/error-pages.ts';
import { OperatorError } from '../../core/errors.ts';
import { addGroup, type DeadLetterGroup } from '../../queues/dead-letters.ts';
import type { JobFilter } from '../../queues/job-filter.ts';
import type { JobReads } from '../../queues/jobs.ts';
import { requireTenant } from '../names.ts';
import { asOperator } from '../operator.ts';
import { print, printJson, printTable, remark } from '../output.ts';
import { moment, wholeNumber } from '../values.ts';
import { kindOption } from './job-filter.ts';

/** Commands of `gwm jobs` that look for jobs, and act on none. */

interface OfTenant {
  readonly tenant: string;
  readonly json?: true;
}

interface Limited extends OfTenant {
  readonly limit: number;
}

const MAX_COMPARED = 1_000_000;
const MAX_OF_CONVERSATION = 1000;
/** Jobs of a conversation per page: each that waits costs a script. */
const PAGE = 100;

export function addReads(jobs: Command): void {
  jobs
    .command('search')
    .description(
      'find jobs of a tenant by conversation, guest, id, idempotency key, trace or correlation id; one JSON object per line',
    )
    .argument('<text>', 'the whole id or key')
    .requiredOption('--tenant <id>', 'jobs of this tenant')
    .option(
      '--limit <number>',
      'jobs whose guest, trace and correlation id are compared, the newest first; ids and keys are looked up',
      wholeNumber(1, MAX_COMPARED),
      10_000,
    )
    .option('--json', 'the same')
    .action(search);
  jobs
    .command('conversation')
    .description('show the jobs of a conversation in their order, and why each waits')
    .argument('<id>')
    .requiredOption('--tenant <id>', 'the tenant of the conversation')
    .option('--limit <number>', 'most jobs to show', wholeNumber(1, MAX_OF_CONVERSATION), PAGE)
    .option('--json', 'print one JSON object per line')
    .action(conversation);
  jobs
    .command('timeline')
    .description('show what happened to a job, and why it waits now')
    .argument('<job>', 'the id of the job, of any queue')
    .option('--json', 'print one JSON object')
    .action(timeline);
  jobs
    .command('dead-letters')
    .description('count the dead letters of a tenant by the code of their failure, with what to do')
    .requiredOption('--tenant <id>', 'dead letters of this tenant')
    .addOption(kindOption())
    .option('--from <time>', 'accepted at this time or later', moment)
    .option('--to <time>', 'accepted at this time or before', moment)
    .option('--json', 'print one JSON object per line')
    .action(deadLetters);
}

async function search(text: string, { tenant: tenantId, limit }: Limited): Promise<void> {
  await asOperator(async ({ jobs, tenants }) => {
    requireTenant(tenants, tenantId);
    let [found, seen] = [0, 0];
    let cursor: string | undefined;
    do {
      const page = await jobs.search({ tenantId, text, cursor });
      for (const { by, job } of page.found) printJson({ by, ...job });
      for (const job of page.forgotten) printJson({ by: 'ledger', ...job });
      found += page.found.length + page.forgotten.length;
      seen += page.seen;
      cursor = page.cursor ?? undefined;
    } while (cursor !== undefined && seen < limit);
    if (cursor !== undefined) remark(`${seen} jobs were compared, and there are older ones: see --limit`);
    if (found === 0) throw new OperatorError('There is no such job.', 'not-found');
  });
}

async function conversation(lane: string, { tenant: tenantId, limit, json }: Limited): Promise<void> {
  await asOperator(async ({ jobs, tenants }) => {
    requireTenant(tenants, tenantId);
    let shown = 0;
    let cursor: string | undefined;
    do {
      const request = { tenantId, lane, cursor, limit: Math.min(PAGE, limit - shown) };
      const page: Awaited<ReturnType<JobReads['conversation']>> = await jobs.conversation(request);
      for (const job of page.jobs) {
        if (json) printJson(job);
        else print(`${job.sequence} ${job.jobId} ${job.kind} ${job.state}: ${job.waiting.sentence}`);
      }
      shown += page.jobs.length;
      cursor = page.cursor ?? undefined;
    } while (cursor !== undefined && shown < limit);
    if (cursor !== undefined) remark(`${shown} jobs were shown, and there are more: see --limit`);
    if (shown === 0) throw new OperatorError('There is no job of such a conversation.', 'not-found');
  });
}

async function timeline(jobId: string, { json }: { readonly json?: true }): Promise<void> {
  const found = await asOperator(({ jobs }) => jobs.timeline(jobId));
  if (!found) throw new OperatorError('There is no such job.', 'not-found');
  if (json) return printJson({ jobId, ...found });
  for (const { at, sentence } of found.events) print(`${at} ${sentence}`);
  if (found.waiting.reason !== 'none') print(`now: ${found.waiting.sentence}`);
}

async function deadLetters({
  tenant: tenantId,
  json,
  ...filter
}: OfTenant & Pick<JobFilter, 'kind' | 'from' | 'to'>): Promise<void> {
  const groups = await asOperator(async ({ jobs, tenants }) => {
    requireTenant(tenants, tenantId);
    return await allGroups(jobs, { tenantId, ...filter });
  });
  const rows = groups.map((group) => ({ ...shown(group), hint: errorTextOf(group.code ?? '')?.hint ?? '' }));
  if (json) return rows.forEach(printJson);
  if (rows.length === 0) return print('no dead letters');
  printTable(
    ['code', 'jobs', 'oldest', 'newest'],
    rows.map(({ code, count, oldestAt, newestAt }) => [code ?? 'another reason', count, oldestAt, newestAt]),
  );
  for (const { code, hint } of rows) if (code !== null) print(`${code}: ${hint}`);
}

/** The groups of all pages, the largest first. */
async function allGroups(
  jobs: Pick<JobReads, 'deadLetters'>,
  filter: Pick<JobFilter, 'tenantId' | 'kind' | 'from' | 'to'>,
): Promise<DeadLetterGroup[]> {
  const groups = new Map<DeadLetterGroup['code'], DeadLetterGroup>();
  let cursor: string | undefined;
  do {
    const page: Awaited<ReturnType<JobReads['deadLetters']>> = await jobs.deadLetters({ ...filter, cursor });
    for (const group of page.groups) addGroup(groups, group);
    cursor = page.cursor ?? undefined;
  } while (cursor !== undefined);
  return [...groups.values()].sort((one, other) => other.count - one.count);
}

function shown({ code, count, oldestMs, newestMs }: DeadLetterGroup) {
  const [oldestAt = '', newestAt = ''] = [oldestMs, newestMs].map((ms) => new Date(ms).toISOString());
  return { code, count, oldestAt, newestAt };
}
