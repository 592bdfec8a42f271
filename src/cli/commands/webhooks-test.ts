import { Command } from 'commander';
import { OperatorError } from '../../core/errors.ts';
import type { TenantRegistry } from '../../tenants/registry.ts';
import { type Attempt, failureOf } from '../../webhooks/attempt.ts';
import { exitCode } from '../exit-codes.ts';
import { unknownTenant } from '../names.ts';
import { asOperator } from '../operator.ts';
import { print, printJson } from '../output.ts';

interface Options {
  readonly tenant?: string;
  readonly json?: true;
}

export function webhooksTestCommand(): Command {
  return new Command('test')
    .description('send one signed webhook.test event to a receiver, as a worker does')
    .argument('<url>')
    .option(
      '--tenant <id>',
      'tenant with the secret and the rules for receivers; needed when the file has several',
    )
    .option('--json', 'print the result as JSON')
    .action(async (url: string, options: Options) => {
      process.exitCode = await test(url, options);
    });
}

/** @returns 0 when the receiver took it. */
async function test(url: string, { tenant, json }: Options): Promise<number> {
  const outcome = await asOperator(({ tenants, operations }) =>
    operations.testReceiver({ tenantId: tenant ?? onlyTenantOf(tenants), url }),
  );
  if (outcome.status === 'unknown') throw unknownTenant();
  if (outcome.status === 'forbidden') throw new OperatorError(`<url>: ${outcome.issue}.`, 'usage');
  const { attempt } = outcome;
  if (json) printJson(attempt);
  else print(describe(attempt));
  return exitCode(attempt.outcome === 'delivered' ? 'done' : 'failed');
}

/** @throws {OperatorError} when there is not exactly one. */
function onlyTenantOf(tenants: TenantRegistry): string {
  const [only, ...others] = tenants.ids();
  if (only !== undefined && others.length === 0) return only;
  throw new OperatorError('--tenant is missing: TENANTS_FILE has not exactly one tenant.', 'usage');
}

function describe(attempt: Attempt): string {
  const { status, latencyMs, answer } = attempt;
  const took = `in ${latencyMs} ms`;
  const said = answer === undefined ? '' : `: ${JSON.stringify(answer)}`;
  if (status !== undefined) return `${attempt.outcome}: the receiver answered ${status} ${took}${said}`;
  return `${attempt.outcome}: ${failureOf(attempt)?.message} (${took})`;
}
