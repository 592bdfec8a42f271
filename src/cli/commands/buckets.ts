import { Command, Option } from 'commander';
import { formatDuration } from '../../core/duration.ts';
import { BUCKET_CLASSES, type BucketClass } from '../../jobs/define.ts';
import type { PausedBuckets } from '../../operate/tenant-operations.ts';
import { unknownTenant } from '../names.ts';
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
  const { for: durationMs, reason, bucket: bucketClass, json } = options;
  const pause = { tenantId, bucketClass, durationMs, reason };
  const buckets = await asOperator(({ operations }) => operations.pauseTenant(pause));
  const paused = classesOf(buckets);
  if (json) printJson({ tenantId, paused, forMs: durationMs });
  else print(`${tenantId} paused for ${formatDuration(durationMs)}`);
}

async function resume(tenantId: string, options: Options): Promise<void> {
  const choice = { tenantId, bucketClass: options.bucket };
  const resumed = classesOf(await asOperator(({ operations }) => operations.resumeTenant(choice)));
  if (options.json) printJson({ tenantId, resumed });
  else print(`${tenantId} resumed`);
}

function bucketOption(): Option {
  return new Option('--bucket <class>', 'only this bucket').choices(BUCKET_CLASSES);
}

/** @throws {OperatorError} when there is no such tenant. */
function classesOf(buckets: PausedBuckets): BucketClass[] {
  if (!buckets) throw unknownTenant();
  return buckets.map(({ bucketClass }) => bucketClass);
}
