import Table from 'cli-table3';
import { Command } from 'commander';
import { readBuckets } from '../../runtime/buckets.ts';
import type { EndpointView, WebhookCounts } from '../../webhooks/records.ts';
import { allEndpoints, renderEndpoints } from '../endpoint-table.ts';
import { asOperator } from '../operator.ts';

type Row = Awaited<ReturnType<typeof readBuckets>>[number];

export function statusCommand(): Command {
  return new Command('status')
    .description(
      'show the buckets of all tenants: level, pause and its reason, who waits and for how long; and the endpoints of callbacks that are in trouble',
    )
    .option('--json', 'one JSON object per bucket, and per endpoint that is in trouble, and line')
    .action(async ({ json }: { json?: true }) => {
      const { buckets, troubled, counts, warnings } = await asOperator(async (operator) => ({
        buckets: await readBuckets(operator),
        troubled: (await allEndpoints(operator)).filter(({ state }) => state !== 'well'),
        counts: await operator.records.counts(),
        warnings: operator.warnings,
      }));
      for (const warning of warnings) console.error(`warning: ${warning}`);
      if (json) for (const row of [...buckets, ...troubled]) console.log(JSON.stringify(row));
      else console.log([renderBuckets(buckets), ...renderCallbacks(counts, troubled)].join('\n'));
    });
}

function renderCallbacks(
  { delivered, failed, disabled }: WebhookCounts,
  troubled: readonly EndpointView[],
): string[] {
  const line = `callbacks: ${delivered} delivered, ${failed} attempts failed, endpoints disabled ${disabled} times`;
  return troubled.length === 0 ? [line] : [line, renderEndpoints(troubled)];
}

function renderBuckets(rows: readonly Row[]): string {
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
