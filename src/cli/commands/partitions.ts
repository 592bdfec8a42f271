import { Command } from 'commander';
import { OperatorError } from '../../core/errors.ts';
import type { MoveView, PartitionsView, PartitionView } from '../../partitions/overview.ts';
import type { MoveProgress } from '../../partitions/stepper.ts';
import { unknownTenant } from '../names.ts';
import { asOperator } from '../operator.ts';
import { print, printJson, remark, renderTable } from '../output.ts';
import { wholeNumber } from '../values.ts';

interface Format {
  readonly json?: true;
}

interface MoveOptions extends Format {
  readonly to?: number;
  readonly alone?: true;
}

const MAX_PARTITION = 9999;
const MAX_PARTITIONS = 64;

export function partitionsCommand(): Command {
  const partitions = new Command('partitions').description(
    'show which tenant is in which partition; move tenants, and raise the number of partitions',
  );
  partitions
    .command('list', { isDefault: true })
    .description(
      'show the tenants of each partition, jobs that wait there, the master that has it, and moves',
    )
    .option('--json', 'print one JSON object per line, for each partition and each move')
    .action(list);
  partitions
    .command('move')
    .description('move a tenant, with those that share its limit; a second call goes on with a move')
    .argument('<tenant>')
    .option('--to <partition>', 'where it goes', wholeNumber(0, MAX_PARTITION))
    .option('--alone', 'to a partition that no other tenant has')
    .option('--json', 'print progress and result as JSON, one object per line')
    .action(move);
  partitions
    .command('raise')
    .description('raise the number of partitions, and move the tenants that it spreads elsewhere')
    .argument('<number>', 'the new number, as PARTITIONS', wholeNumber(1, MAX_PARTITIONS))
    .option('--json', 'print progress and result as JSON, one object per line')
    .action(raise);
  return partitions;
}

async function list({ json }: Format): Promise<void> {
  const view = await asOperator(({ partitions }) => partitions());
  if (view.advice !== null) remark(view.advice);
  if (json) return [...view.partitions, ...view.moves].forEach(printJson);
  print(headline(view));
  process.stdout.write(`${renderTable(HEAD, view.partitions.map(cellsOf))}\n`);
  for (const each of view.moves) print(describeMove(each));
}

async function move(tenantId: string, { to, alone, json }: MoveOptions): Promise<void> {
  if (to !== undefined && alone) throw new OperatorError('Give either --to or --alone.', 'usage');
  const wanted = alone ? 'alone' : to;
  const onProgress = showProgress(json);
  const moved = await asOperator(({ operations }) =>
    operations.moveTenant({ tenantId, to: wanted, onProgress }),
  );
  if (!moved) throw unknownTenant();
  if (json) return printJson(moved);
  const names = moved.tenantIds.join(', ');
  print(
    moved.isThere
      ? `${names} was in partition ${moved.to} before`
      : `${names} moved to partition ${moved.to}`,
  );
}

async function raise(to: number, { json }: Format): Promise<void> {
  const onProgress = showProgress(json);
  const { moved } = await asOperator(({ operations }) => operations.raisePartitions({ to, onProgress }));
  if (json) printJson({ partitions: to, moved });
  else print(`${to} partitions, ${moved} tenants moved`);
}

/** From one line of progress of a step to the next, ms. */
const EVERY_MS = 2000;

/** A line for each step of a move, and now and again while a step lasts. */
function showProgress(json: true | undefined): (progress: MoveProgress) => void {
  const shown = new Map<string, { step: string; atMs: number }>();
  return (progress) => {
    const name = progress.tenantIds.join(' ');
    const last = shown.get(name);
    const isSame = last?.step === progress.step;
    if (isSame && performance.now() - last.atMs < EVERY_MS) return;
    shown.set(name, { step: progress.step, atMs: performance.now() });
    process.stderr.write(json ? `${JSON.stringify(progress)}\n` : `${describeProgress(progress)}\n`);
  };
}

const STEPS: Readonly<Record<MoveProgress['step'], (left: number) => string>> = {
  arriving: () => 'the new partition gets ready',
  leaving: (left) => `new jobs go to the new partition, ${left} older jobs have not ended`,
  closing: () => 'the older jobs have ended, and what is known of them is copied',
  trailing: (left) => `the new partition sends, ${left} older callbacks have not ended`,
  done: () => 'done',
};

function describeProgress({ tenantIds, from, to, step, left }: MoveProgress): string {
  return `${tenantIds.join(', ')}: ${from} → ${to}: ${STEPS[step](left)}`;
}

function describeMove({ tenantId, ...move }: MoveView): string {
  return `${describeProgress({ ...move, tenantIds: [tenantId] })}; gwm partitions move ${tenantId} goes on with it`;
}

function headline({ number, raising, pinned }: PartitionsView): string {
  if (raising !== null)
    return `${number} partitions, being raised to ${raising}: gwm partitions raise ${raising} goes on`;
  if (pinned === 0) return `${number} partitions`;
  return `${number} partitions; ${pinned} tenants are still to move: gwm partitions raise ${number} goes on`;
}

const HEAD = ['partition', 'slot', 'node', 'tenants', 'jobs waiting'];
const SHOWN_TENANTS = 5;

function cellsOf({ partition, slot, node, tenants, waiting }: PartitionView): (string | number)[] {
  const more = tenants.length > SHOWN_TENANTS ? [`and ${tenants.length - SHOWN_TENANTS} more`] : [];
  const names = [...tenants.slice(0, SHOWN_TENANTS), ...more].join(', ');
  return [partition, slot ?? '-', node ?? '-', names, waiting];
}
