import { type Command, Option } from 'commander';
import { ERROR_CODES, type ErrorCode, OperatorError } from '../../core/errors.ts';
import { JOB_KINDS, type JobKind } from '../../jobs/catalog.ts';
import type { BulkProgress } from '../../queues/bulk.ts';
import type { JobFilter } from '../../queues/job-filter.ts';
import { JOB_STATES, type JobState } from '../../queues/job-view.ts';
import { print, printJson } from '../output.ts';
import { moment } from '../values.ts';

export interface FilterOptions {
  readonly tenant?: string;
  readonly conversation?: string;
  readonly kind?: JobKind;
  readonly state?: JobState;
  readonly code?: ErrorCode;
  readonly from?: Date;
  readonly to?: Date;
}

/** Adds the options that choose jobs of a tenant. @param hasState whether the state may be chosen. */
export function addFilter(command: Command, { hasState }: { hasState: boolean }): Command {
  command
    .option('--tenant <id>', 'jobs of this tenant, by the index')
    .option('--conversation <id>', 'only of this conversation')
    .addOption(kindOption())
    .addOption(new Option('--code <code>', 'only whose last failure has this code').choices(ERROR_CODES))
    .option('--from <time>', 'accepted at this time or later', moment)
    .option('--to <time>', 'accepted at this time or before', moment);
  return hasState
    ? command.addOption(new Option('--state <state>', 'only in this state').choices(JOB_STATES))
    : command;
}

export function kindOption(): Option {
  return new Option('--kind <queue>', 'only of this queue').choices(JOB_KINDS);
}

/**
 * The filter of the options; undefined without `--tenant`.
 * @throws {OperatorError} when another option of the filter is there without it.
 */
export function filterOf(options: FilterOptions): JobFilter | undefined {
  const { tenant: tenantId, conversation: lane, kind, state, code, from, to } = options;
  if (tenantId !== undefined) return { tenantId, lane, kind, state, code, from, to };
  const given = {
    '--conversation': lane,
    '--kind': kind,
    '--state': state,
    '--code': code,
    '--from': from,
    '--to': to,
  };
  const alone = Object.entries(given).find(([, value]) => value !== undefined);
  if (alone) throw new OperatorError(`${alone[0]} needs --tenant.`, 'usage');
  return undefined;
}

/** Waits for the end of an act on many jobs, and shows its progress on standard error. */
export async function showProgress(
  steps: AsyncIterable<BulkProgress>,
  { done: word, dryRun, json }: { readonly done: string; readonly dryRun: boolean; readonly json: boolean },
): Promise<void> {
  let last: BulkProgress = { seen: 0, matched: 0, done: 0 };
  let shownAtMs = performance.now();
  for await (const step of steps) {
    last = step;
    if (performance.now() - shownAtMs < EVERY_MS) continue;
    shownAtMs = performance.now();
    process.stderr.write(`${step.done} of ${step.matched} ${word}, ${step.seen} jobs seen\n`);
  }
  if (json) printJson({ ...last, dryRun });
  else print(dryRun ? `${last.done} jobs would be ${word}` : `${last.done} of ${last.matched} jobs ${word}`);
}

/** From one line of progress to the next, ms. */
const EVERY_MS = 1000;
