import { Command } from 'commander';
import { requireTenant } from '../names.ts';
import { asOperator } from '../operator.ts';
import { runTop } from '../top/run-top.ts';
import { span } from '../values.ts';

interface Options {
  readonly tenant?: string;
  readonly every: number;
  readonly once?: true;
  readonly json?: true;
}

const EVERY_MS = 5000;

export function topCommand(): Command {
  return new Command('top')
    .description('show what the tenants and workers do now, again and again until Ctrl-C; reads Redis')
    .option('--tenant <id>', 'only this tenant')
    .option('--every <duration>', 'from one look to the next; 5s by default', span('1s', '1h'), EVERY_MS)
    .option('--once', 'look once')
    .option('--json', 'print one JSON object per look, as GET /v1/overview answers')
    .action(top);
}

async function top({ tenant, every, once, json }: Options): Promise<void> {
  await asOperator(async ({ tenants, read, follow }) => {
    if (tenant !== undefined) requireTenant(tenants, tenant);
    // Tenants may move meanwhile.
    const follower = follow();
    try {
      await runTop({
        read,
        tenantIds: () => (tenant === undefined ? tenants.ids() : [tenant]),
        everyMs: every,
        isOnce: once === true,
        isJson: json === true,
        stream: process.stdout,
      });
    } finally {
      follower.stop();
    }
  });
}
