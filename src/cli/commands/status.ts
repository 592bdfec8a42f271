import Table from 'cli-table3';
import { Command } from 'commander';
import { readBuckets } from '../../runtime/buckets.ts';
import { asOperator } from '../operator.ts';

type Row = Awaited<ReturnType<typeof readBuckets>>[number];

export function statusCommand(): Command {
  return new Command('status')
    .description('show the buckets of all tenants: level, pause and its reason, who waits and for how long')
    .option('--json', 'one JSON object per bucket and line')
    .action(async ({ json }: { json?: true }) => {
      const rows = await asOperator(readBuckets);
      if (json) for (const row of rows) console.log(JSON.stringify(row));
      else console.log(render(rows));
    });
}

function render(rows: readonly Row[]): string {
  const table = new Table({
    head: [
      'tenant',
      'bucket',
      'rate',
      'level',
      'paused',
      'lanes waiting',
      'with a slot',
      'busy',
      'last one waits',
    ],
    style: { head: [], border: [] },
  });
  for (const row of rows) {
    const paused = row.pausedForMs > 0 ? `${seconds(row.pausedForMs)}: ${row.reason}` : 'no';
    table.push([
      row.tenantId,
      row.bucketClass,
      `${row.ratePerSecond.toFixed(2)}/s`,
      `${row.level} of ${row.burst}`,
      paused,
      row.lanesInLine,
      row.lanesWithSlot,
      row.lanesBusy,
      seconds(row.lastWaitMs),
    ]);
  }
  return table.toString();
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
