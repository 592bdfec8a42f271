import { Command } from 'commander';
import { describePlan, type Need } from '../../capacity/describe.ts';
import { FIGURES } from '../../capacity/figures.ts';
import { type Load, planFor } from '../../capacity/plan.ts';
import { readEnvironment } from '../../config/environment.ts';
import { loadConfig } from '../../config/load.ts';
import { printJson, printTable } from '../output.ts';
import { span, wholeNumber } from '../values.ts';

interface CapacityOptions {
  readonly tenants: number;
  readonly rate: number;
  readonly latency: number;
  readonly waiting?: number;
  readonly callbacks?: true;
  readonly json?: true;
}

const HOUR_SECONDS = 3600;

export function capacityCommand(): Command {
  return new Command('capacity')
    .description('reckon workers, shards, memory and disk for a load, from measured figures; needs no Redis')
    .requiredOption('--tenants <number>', 'number of tenants', wholeNumber(1, 1_000_000))
    .requiredOption('--rate <number>', 'messages of all tenants per second', wholeNumber(1, 1_000_000))
    .option('--latency <duration>', 'how long Genesys Cloud takes for an answer', span('1ms', '60s'), 300)
    .option(
      '--waiting <number>',
      'jobs that wait at most; those of an hour by default',
      wholeNumber(0, 1_000_000_000),
    )
    .option('--callbacks', 'each message has a callback')
    .option('--json', 'print the plan as JSON, memory and disk in bytes')
    .action(capacity);
}

function capacity(options: CapacityOptions): void {
  const { tenants, rate, latency, waiting = rate * HOUR_SECONDS, callbacks = false, json } = options;
  const load: Load = {
    tenants,
    ratePerSecond: rate,
    latencyMs: latency,
    waiting,
    hasCallbacks: callbacks,
  };
  const plan = planFor(load, loadConfig(readEnvironment()), FIGURES);
  if (json) printJson({ load, plan });
  else printNeeds(describePlan(plan, load));
}

/** The words are Markdown for docs/capacity.md. */
function printNeeds(needs: readonly Need[]): void {
  const rows = needs.map(({ what, needed, because }) => [what, needed, because]);
  printTable(
    ['of', 'needed', 'because'],
    rows.map((row) => row.map((cell) => cell.replaceAll('`', ''))),
  );
}
