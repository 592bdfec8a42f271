import { Command, InvalidArgumentError } from 'commander';
import { formatDuration, parseDuration } from '../../core/duration.ts';
import { OperatorError } from '../../core/errors.ts';
import { describeFault } from '../../core/faults.ts';
import { prepare } from '../../queues/prepare.ts';
import type { Schedule } from '../../queues/schedules.ts';
import { asOperator, type Operator } from '../operator.ts';

interface Options {
  readonly tenant?: string;
  readonly organizations?: readonly string[];
  readonly actions?: readonly string[];
  readonly every?: number;
  readonly off?: true;
}

const MIN_EVERY_MS = 10_000;
const MAX_EVERY_MS = 365 * 86_400_000;

export function auditScheduleCommand(): Command {
  return new Command('schedule')
    .description(
      'sync the audit records of organizations now and again; without options: show what is scheduled',
    )
    .option('--tenant <id>')
    .option('--organizations <ids>', 'whose records, separated by commas', listOf)
    .option('--actions <names>', 'which records, separated by commas', listOf)
    .option('--every <duration>', 'how often, such as 15m', parseEvery)
    .option('--off', 'no longer')
    .action(async (options: Options) => {
      await asOperator((operator) => schedule(operator, options));
    });
}

async function schedule({ schedules, tenants }: Operator, options: Options): Promise<void> {
  const { tenant, organizations, actions, every, off } = options;
  if (tenant === undefined) return show(await schedules.list());
  if (off) {
    if (!(await schedules.remove(tenant))) throw new OperatorError(`Nothing is scheduled for ${tenant}.`);
    return console.log(`${tenant}: no longer`);
  }
  if (every === undefined) throw new OperatorError('--every is missing: how often, such as 15m.');
  const input = { tenantId: tenant, organizationIds: organizations ?? [], ...(actions && { actions }) };
  const entry = prepare({ kind: 'audit-sync', index: 0, input, tenants });
  if (entry.faults)
    throw new OperatorError(`That cannot be scheduled: ${entry.faults.map(describeFault).join('; ')}.`);
  const [job] = entry.jobs;
  if (job) await schedules.set(tenant, every, job.payload);
  console.log(`${tenant}: every ${formatDuration(every)}, from now on`);
}

function show(schedules: readonly Schedule[]): void {
  if (schedules.length === 0) console.log('nothing is scheduled');
  for (const { tenantId, everyMs, next } of schedules) {
    console.log(JSON.stringify({ tenantId, every: formatDuration(everyMs), next }));
  }
}

function listOf(text: string): string[] {
  return text.split(',').map((each) => each.trim());
}

function parseEvery(text: string): number {
  const ms = parseDuration(text);
  if (ms !== undefined && ms >= MIN_EVERY_MS && ms <= MAX_EVERY_MS) return ms;
  const [least, most] = [MIN_EVERY_MS, MAX_EVERY_MS].map(formatDuration);
  throw new InvalidArgumentError(`It is a duration such as 15m, from ${least} to ${most}.`);
}
