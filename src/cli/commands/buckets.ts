import { Command, Option } from 'commander';
import { formatDuration } from '../../core/duration.ts';
import type { BucketRef } from '../../flow/decisions.ts';
import { BUCKET_CLASSES, type BucketClass } from '../../jobs/define.ts';
import { bucketsOf, pauseBuckets, resumeBuckets } from '../../runtime/buckets.ts';
import type { TenantRegistry } from '../../tenants/registry.ts';
import { requireTenant } from '../names.ts';
import { asOperator } from '../operator.ts';
import { print, printJson } from '../output.ts';
import { span } from '../values.ts';

interface Options {
  readonly bucket?: BucketClass;
  readonly json?: true;
}

interface PauseOptions extends Options {
  readonly for: number;
  readonly reason: string;
}

/** Jobs that wait longer are hardly meant to be sent. */
const LONGEST_PAUSE = '30d';

export function pauseCommand(): Command {
  return new Command('pause')
    .description('pause a tenant for some time; its jobs wait, and other tenants go on')
    .argument('<tenant>')
    .addOption(bucketOption())
    .requiredOption(
      '--for <duration>',
      `such as 90s, 10m or 2h, at most ${LONGEST_PAUSE}`,
      span('1ms', LONGEST_PAUSE),
    )
    .option('--reason <words>', 'the reason, shown by gwm status', 'by hand')
    .option('--json', 'print the result as JSON')
    .action(pause);
}

export function resumeCommand(): Command {
  return new Command('resume')
    .description('end the pauses of a tenant, also those after a 429 of Genesys Cloud')
    .argument('<tenant>')
    .addOption(bucketOption())
    .option('--json', 'print the result as JSON')
    .action(resume);
}

async function pause(tenantId: string, options: PauseOptions): Promise<void> {
  const { for: durationMs, reason, json } = options;
  const buckets = await asOperator(async ({ flow, tenants }) => {
    const selected = select(tenants, tenantId, options);
    await pauseBuckets({ flow }, selected, { durationMs, reason });
    return selected;
  });
  if (json) printJson({ tenantId, paused: classesOf(buckets), forMs: durationMs });
  else print(`${tenantId} paused for ${formatDuration(durationMs)}`);
}

async function resume(tenantId: string, options: Options): Promise<void> {
  const buckets = await asOperator(async ({ flow, queues, tenants }) => {
    const selected = select(tenants, tenantId, options);
    await resumeBuckets({ flow, queues }, selected);
    return selected;
  });
  if (options.json) printJson({ tenantId, resumed: classesOf(buckets) });
  else print(`${tenantId} resumed`);
}

function bucketOption(): Option {
  return new Option('--bucket <class>', 'only this bucket').choices(BUCKET_CLASSES);
}

function select(tenants: TenantRegistry, tenantId: string, { bucket }: Options): BucketRef[] {
  requireTenant(tenants, tenantId);
  return bucketsOf(tenants, tenantId).filter(({ bucketClass }) => !bucket || bucketClass === bucket);
}

function classesOf(buckets: readonly BucketRef[]): BucketClass[] {
  return buckets.map(({ bucketClass }) => bucketClass);
}
