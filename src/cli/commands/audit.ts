import { Command, Option } from 'commander';
import { EXPORT_FORMATS, type ExportFormat, exportRecords } from '../../audit/export.ts';
import type { ChainError, Verification } from '../../audit/store.ts';
import { OperatorError } from '../../core/errors.ts';
import { requireAudited, withAuditStore } from '../audit-store.ts';
import { exitCode } from '../exit-codes.ts';
import { print, printJson } from '../output.ts';
import { moment } from '../values.ts';
import { auditCheckpointsCommand, auditCompareCommand } from './audit-checkpoints.ts';
import { auditScheduleCommand } from './audit-schedule.ts';

export function auditCommand(): Command {
  const audit = new Command('audit').description('check, export and schedule audit records');
  audit
    .command('verify')
    .description('check the chain of every tenant; exit 1 when a record was changed, removed or inserted')
    .option('--tenant <id>', 'only this tenant')
    .option('--json', 'print one JSON object per tenant, each on a line')
    .action(async (options: VerifyOptions) => {
      process.exitCode = await verify(options);
    });
  audit
    .command('export')
    .description('write the records of a tenant, in the order in which they occurred, to standard output')
    .requiredOption('--tenant <id>')
    .option('--from <time>', 'records of this time or later, such as 2026-03-01T09:30:00Z', moment)
    .option('--to <time>', 'records before this time', moment)
    .addOption(new Option('--format <format>').choices(EXPORT_FORMATS).default('ndjson'))
    .option('--json', 'NDJSON, which is the default')
    .action(exportTenant);
  audit.addCommand(auditCheckpointsCommand());
  audit.addCommand(auditCompareCommand());
  audit.addCommand(auditScheduleCommand());
  return audit;
}

interface VerifyOptions {
  readonly tenant?: string;
  readonly json?: true;
}

/** @returns 0 when every chain is sound. */
async function verify({ tenant, json }: VerifyOptions): Promise<number> {
  return await withAuditStore(async (store) => {
    if (tenant !== undefined) await requireAudited(store, tenant);
    const tenantIds = tenant === undefined ? await store.tenants() : [tenant];
    if (tenantIds.length === 0 && !json) print('there are no audit records');
    let broken = 0;
    for (const tenantId of tenantIds) {
      const verification = await store.verify(tenantId);
      if (!verification.ok) broken += 1;
      if (json) printJson({ tenantId, ...verification });
      else print(describe(tenantId, verification));
    }
    return exitCode(broken === 0 ? 'done' : 'failed');
  });
}

function describe(tenantId: string, verification: Verification): string {
  const { ok, records } = verification;
  if (ok) return `${tenantId}: ${records} records, the chain is sound`;
  return `${tenantId}: BROKEN after ${records} sound records: ${sentenceOf(verification.issue)}`;
}

function sentenceOf({ kind, sequence, id }: ChainError): string {
  if (sequence === 0 && kind === 'removed') return 'the head of the chain was removed';
  if (kind === 'unkeyed') {
    return `record ${sequence}, the last one, has no key: it was stored before AUDIT_KEYS was set, or rewritten`;
  }
  if (kind === 'moved') {
    return `the chain was moved to begin behind record ${sequence}, and retention has not done that`;
  }
  // Quoted, because an inserted id could control the terminal.
  const record = `record ${sequence}${id === undefined ? '' : ` (${JSON.stringify(id)})`}`;
  return `${record} was ${kind}`;
}

interface ExportOptions {
  readonly tenant: string;
  readonly from?: Date;
  readonly to?: Date;
  readonly format: ExportFormat;
}

async function exportTenant({ tenant: tenantId, from, to, format }: ExportOptions): Promise<void> {
  const selection = {
    tenantId,
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  };
  if (from && to && from >= to) {
    throw new OperatorError('--to is not valid. It must be a time after the time of --from.', 'usage');
  }
  await withAuditStore(async (store) => {
    await requireAudited(store, tenantId);
    await exportRecords(store.read(selection), format, process.stdout);
  });
}
