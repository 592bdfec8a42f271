import { Command, Option } from 'commander';
import { formatDuration, parseDuration } from '../../core/duration.ts';
import { OperatorError } from '../../core/errors.ts';
import type { BucketPlace } from '../../flow/decisions.ts';
import { BUCKET_CLASSES, type BucketClass } from '../../jobs/define.ts';
import { bucketsOf, pauseBuckets, resumeBuckets } from '../../runtime/buckets.ts';
import type { TenantRegistry } from '../../tenants/registry.ts';
import { asOperator } from '../operator.ts';

interface Selection {
  readonly bucket?: BucketClass;
}

export function pauseCommand(): Command {
  return new Command('pause')
    .description('send nothing for a tenant for a while; its jobs wait, and no other tenant does')
    .argument('<tenant>')
    .addOption(bucketOption())
    .requiredOption('--for <duration>', 'such as 90s, 10m or 2h')
    .option('--reason <words>', 'shown by gwm status', 'by hand')
    .action(async (tenantId: string, options: Selection & { for: string; reason: string }) => {
      const durationMs = durationOf(options.for);
      await asOperator(async ({ flow, tenants }) => {
        const buckets = select(tenants, tenantId, options);
        await pauseBuckets({ flow }, buckets, { durationMs, reason: options.reason });
      });
      console.log(`${tenantId} paused for ${options.for}`);
    });
}

export function resumeCommand(): Command {
  return new Command('resume')
    .description('end the pauses of a tenant, also those that Genesys Cloud asked for')
    .argument('<tenant>')
    .addOption(bucketOption())
    .action(async (tenantId: string, options: Selection) => {
      await asOperator(async ({ flow, queues, tenants }) => {
        await resumeBuckets({ flow, queues }, select(tenants, tenantId, options));
      });
      console.log(`${tenantId} resumed`);
    });
}

function bucketOption(): Option {
  return new Option('--bucket <class>', 'only this one').choices(BUCKET_CLASSES);
}

/** As long as a conversation may rest and count on: what waits for longer is not meant to be sent. */
const MAX_PAUSE_MS = 30 * 86_400_000;

function durationOf(text: string): number {
  const ms = parseDuration(text);
  if (ms !== undefined && ms > 0 && ms <= MAX_PAUSE_MS) return ms;
  const longest = formatDuration(MAX_PAUSE_MS);
  const wanted = `a duration such as 90s, 10m or 2h, of at most ${longest}`;
  throw new OperatorError(`--for: got "${text}", expected ${wanted}.`);
}

function select(tenants: TenantRegistry, tenantId: string, { bucket }: Selection): BucketPlace[] {
  if (!tenants.has(tenantId)) {
    throw new OperatorError(`No tenant ${tenantId}. The tenants are: ${tenants.ids().join(', ')}.`);
  }
  return bucketsOf(tenants, tenantId).filter(({ bucketClass }) => !bucket || bucketClass === bucket);
}
