import { Command } from 'commander';
import { readBuckets } from '../../queues/buckets.ts';
import type { EndpointView, WebhookCounts } from '../../webhooks/records.ts';
import { allEndpoints, renderEndpoints } from '../endpoint-table.ts';
import { asOperator } from '../operator.ts';
import { print, printJson, remark, renderTable } from '../output.ts';

type Row = Awaited<ReturnType<typeof readBuckets>>[number];

export function statusCommand(): Command {
  return new Command('status')
    .description(
      'show level, pause with its reason, and waiting lanes of each bucket; show endpoints that fail, or are paused or disabled',
    )
    .option('--json', 'print one JSON object per line, for each bucket and each of these endpoints')
    .action(async ({ json }: { json?: true }) => {
      const { buckets, troubled, counts, warnings } = await asOperator(async (operator) => ({
        buckets: await readBuckets(operator),
        troubled: (await allEndpoints(operator)).filter(({ state }) => state !== 'well'),
        counts: await operator.records.counts(),
        warnings: operator.warnings,
      }));
      for (const warning of warnings) remark(`warning: ${warning}`);
      if (json) return [...buckets, ...troubled].forEach(printJson);
      process.stdout.write(`${renderBuckets(buckets)}\n`);
      printCallbacks(counts, troubled);
    });
}

function printCallbacks(
  { delivered, failed, disabled }: WebhookCounts,
  troubled: readonly EndpointView[],
): void {
  print(`callbacks: ${delivered} delivered, ${failed} attempts failed, endpoints disabled ${disabled} times`);
  if (troubled.length > 0) process.stdout.write(`${renderEndpoints(troubled)}\n`);
}

function renderBuckets(rows: readonly Row[]): string {
  const cells = rows.map((row) => [
    row.tenantId,
    row.bucketClass,
    `${row.ratePerSecond.toFixed(2)}/s`,
    `${row.level} of ${row.burst}`,
    row.pausedForMs > 0 ? `${seconds(row.pausedForMs)}: ${row.reason}` : 'no',
    row.lanesWaiting,
    row.lanesReserved,
    row.lanesBusy,
    seconds(row.lastWaitMs),
  ]);
  return renderTable(HEAD, cells);
}

const HEAD = [
  'tenant',
  'bucket',
  'rate',
  'level',
  'paused',
  'lanes waiting',
  'reserved',
  'busy',
  'last one waits',
];

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
