import { Command } from 'commander';
import { formatDuration } from '../../core/duration.ts';
import { OperatorError } from '../../core/errors.ts';
import { describeIssue } from '../../core/issues.ts';
import { prepare } from '../../queues/prepare.ts';
import type { Schedule } from '../../queues/schedules.ts';
import { requireTenant } from '../names.ts';
import { asOperator, type Operator } from '../operator.ts';
import { print, printJson } from '../output.ts';
import { span, words } from '../values.ts';

interface Options {
  readonly tenant?: string;
  readonly organizations?: readonly string[];
  readonly actions?: readonly string[];
  readonly every?: number;
  readonly off?: true;
  readonly json?: true;
}

export function auditScheduleCommand(): Command {
  return new Command('schedule')
    .description(
      'sync the audit records of organizations at an interval; without options: show the schedules',
    )
    .option('--tenant <id>')
    .option('--organizations <ids>', 'organizations to sync, separated by commas', words)
    .option('--actions <names>', 'actions to sync, separated by commas', words)
    .option('--every <duration>', 'the interval, such as 15m', span('10s', '365d'))
    .option('--off', 'remove the schedule')
    .option('--json', 'print the result as JSON; schedules are always JSON')
    .action(async (options: Options) => {
      await asOperator((operator) => schedule(operator, options));
    });
}

async function schedule({ schedules, operations, tenants }: Operator, options: Options): Promise<void> {
  const { tenant, organizations, actions, every, off, json } = options;
  if (tenant === undefined) return show(await schedules.list(), json);
  if (off) {
    if (!(await operations.removeSchedule({ tenantId: tenant }))) {
      throw new OperatorError('Nothing is scheduled for this tenant.', 'not-found');
    }
    return json ? printJson({ tenantId: tenant, every: null }) : print(`${tenant}: not scheduled any more`);
  }
  requireTenant(tenants, tenant);
  if (every === undefined)
    throw new OperatorError('--every is missing: give the interval, such as 15m.', 'usage');
  const input = { tenantId: tenant, organizationIds: organizations ?? [], ...(actions && { actions }) };
  const entry = prepare({ kind: 'audit-sync', index: 0, input, tenants });
  if (entry.issues)
    throw new OperatorError(
      `This cannot be scheduled: ${entry.issues.map(describeIssue).join('; ')}.`,
      'usage',
    );
  const [job] = entry.jobs;
  if (job) await operations.setSchedule({ tenantId: tenant, everyMs: every, payload: job.payload });
  if (json) printJson({ tenantId: tenant, every: formatDuration(every) });
  else print(`${tenant}: every ${formatDuration(every)}, from now on`);
}

function show(schedules: readonly Schedule[], json: true | undefined): void {
  if (schedules.length === 0 && !json) print('nothing is scheduled');
  for (const { tenantId, everyMs, next } of schedules) {
    printJson({ tenantId, every: formatDuration(everyMs), next });
  }
}
