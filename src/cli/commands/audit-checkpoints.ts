import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import {
  type ChainCheckpoint,
  type Comparison,
  checkpointOf,
  checkpointShape,
  compareCheckpoint,
} from '../../audit/chain-checkpoints.ts';
import { readEnvironment } from '../../config/environment.ts';
import { loadConfig } from '../../config/load.ts';
import { OperatorError } from '../../core/errors.ts';
import { describeFileError, shownPath } from '../../core/file-error.ts';
import { parseJson } from '../../core/json.ts';
import { loadTenants, type TenantRegistry } from '../../tenants/registry.ts';
import { requireAudited, withAuditStore } from '../audit-store.ts';
import { exitCode } from '../exit-codes.ts';
import { print, printJson } from '../output.ts';

export function auditCheckpointsCommand(): Command {
  return new Command('checkpoints')
    .description(
      'write the end of every chain to standard output, one JSON object per line; keep it elsewhere',
    )
    .option('--tenant <id>', 'only this tenant')
    .option('--json', 'no effect: the output is always JSON')
    .action(writeCheckpoints);
}

export function auditCompareCommand(): Command {
  return new Command('compare')
    .description('compare the chains with checkpoints that were kept; exit 1 when a chain differs')
    .argument('<file>', 'the output of gwm audit checkpoints')
    .option('--json', 'print one JSON object per checkpoint, each on a line')
    .action(async (file: string, options: { readonly json?: true }) => {
      process.exitCode = await compare(file, options);
    });
}

async function writeCheckpoints({ tenant }: { readonly tenant?: string }): Promise<void> {
  await withAuditStore(async (store) => {
    if (tenant !== undefined) await requireAudited(store, tenant);
    for (const tenantId of tenant === undefined ? await store.tenants() : [tenant]) {
      const checkpoint = await checkpointOf(store, tenantId);
      if (checkpoint) printJson(checkpoint);
    }
  });
}

/** `removed`: the record is gone, and no retention explains it. */
type Finding = Comparison | 'removed';

/** @returns 0 when every chain goes on from its checkpoints. */
async function compare(file: string, { json }: { readonly json?: true }): Promise<number> {
  const checkpoints = await readCheckpoints(file);
  const retentionOf = readRetention();
  return await withAuditStore(async (store) => {
    let different = 0;
    for (const checkpoint of checkpoints) {
      const comparison = explained(await compareCheckpoint(store, checkpoint), checkpoint, retentionOf);
      if (comparison !== 'same' && comparison !== 'pruned') different += 1;
      const { tenantId, sequence } = checkpoint;
      if (json) printJson({ tenantId, sequence, comparison });
      else print(`${tenantId}: record ${sequence} ${SENTENCES[comparison]}`);
    }
    return exitCode(different === 0 ? 'done' : 'failed');
  });
}

/**
 * Without AUDIT_KEYS a person who can write to the database can delete records, and move the beginning of the
 * chain behind them. Retention does the same, but only with records that are old enough.
 */
function explained(
  comparison: Comparison,
  { tenantId, recordedAt }: ChainCheckpoint,
  retentionOf: (tenantId: string) => number | null,
): Finding {
  if (comparison !== 'pruned') return comparison;
  const retentionMs = retentionOf(tenantId);
  const isOldEnough = retentionMs !== null && Date.parse(recordedAt) <= Date.now() - retentionMs;
  return isOldEnough ? 'pruned' : 'removed';
}

/** Reads the tenants file with the first question: without removed records the command needs none. */
function readRetention(): (tenantId: string) => number | null {
  let tenants: TenantRegistry | undefined;
  return (tenantId) => {
    const environment = readEnvironment();
    const { tenantsFile: file } = loadConfig(environment);
    tenants ??= loadTenants({ file, environment, requireSecrets: false });
    return tenants.has(tenantId) ? tenants.get(tenantId).audit.retentionMs : null;
  };
}

const SENTENCES: Readonly<Record<Finding, string>> = {
  same: 'is the one of the checkpoint',
  changed: 'is ANOTHER one than that of the checkpoint',
  missing: 'is MISSING: the chain ends before the checkpoint',
  pruned: 'was removed by retention; the chain begins behind it',
  removed: 'was REMOVED, and the retention of the tenant in TENANTS_FILE does not explain it',
};

/** @throws {OperatorError} naming the line that is no checkpoint. */
async function readCheckpoints(file: string): Promise<ChainCheckpoint[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    const wanted = '<file>: wanted a file with the output of gwm audit checkpoints';
    throw new OperatorError(`${wanted}, got ${shownPath(file)}: ${describeFileError(error)}.`, 'not-found');
  });
  if (text.trim() === '')
    throw new OperatorError(
      `${shownPath(file)} has no checkpoint: gwm audit checkpoints writes one for each chain.`,
      'usage',
    );
  const lines = text.split('\n').map((line, index) => ({ line: line.trim(), number: index + 1 }));
  return lines.flatMap(({ line, number }) => {
    if (line === '') return [];
    const read = checkpointShape.safeParse(parseJson(line));
    if (read.success) return [read.data];
    const wanted = 'wanted a line that gwm audit checkpoints wrote';
    throw new OperatorError(`${shownPath(file)}, line ${number}: ${wanted}, got something else.`, 'usage');
  });
}
