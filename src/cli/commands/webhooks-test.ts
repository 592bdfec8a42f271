import { Command } from 'commander';
import { readEnvironment } from '../../config/environment.ts';
import { loadConfig } from '../../config/load.ts';
import { OperatorError } from '../../core/errors.ts';
import { guardOf } from '../../outbound/target.ts';
import { loadTenants, type TenantRegistry } from '../../tenants/registry.ts';
import type { Tenant } from '../../tenants/tenant.ts';
import { type Attempt, failureOf } from '../../webhooks/attempt.ts';
import { sendTest } from '../../webhooks/send-test.ts';
import { exitCode } from '../exit-codes.ts';
import { requireTenant } from '../names.ts';
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
async function test(url: string, { tenant: tenantId, json }: Options): Promise<number> {
  const environment = readEnvironment();
  const config = loadConfig(environment);
  const tenants = loadTenants({ file: config.tenantsFile, environment, requireSecrets: false });
  const tenant = tenantNamed(tenants, tenantId);
  const issue = guardOf(tenant.receivers).issueOf(url);
  if (issue !== undefined) throw new OperatorError(`<url>: ${issue}.`, 'usage');
  const attempt = await sendTest({ tenant, url, tenants, config });
  if (json) printJson(attempt);
  else print(describe(attempt));
  return exitCode(attempt.outcome === 'delivered' ? 'done' : 'failed');
}

function tenantNamed(tenants: TenantRegistry, id: string | undefined): Tenant {
  const [only, ...others] = tenants.ids();
  const named = id ?? (others.length === 0 ? only : undefined);
  if (named === undefined) {
    throw new OperatorError('--tenant is missing: TENANTS_FILE has not exactly one tenant.', 'usage');
  }
  requireTenant(tenants, named);
  return tenants.get(named);
}

function describe(attempt: Attempt): string {
  const { status, latencyMs, answer } = attempt;
  const took = `in ${latencyMs} ms`;
  const said = answer === undefined ? '' : `: ${JSON.stringify(answer)}`;
  if (status !== undefined) return `${attempt.outcome}: the receiver answered ${status} ${took}${said}`;
  return `${attempt.outcome}: ${failureOf(attempt)?.message} (${took})`;
}
