import { Command } from 'commander';
import { readEnvironment } from '../../config/environment.ts';
import { loadConfig } from '../../config/load.ts';
import { type Finding, lineOf, STATES, type State, worstOf } from '../../doctor/finding.ts';
import { loadTenants } from '../../tenants/registry.ts';
import { exitCode } from '../exit-codes.ts';
import { requireTenant } from '../names.ts';
import { print, printJson, remark } from '../output.ts';

interface Options {
  readonly tenant?: string;
  readonly json?: true;
}

const EXIT: Readonly<Record<State, number>> = {
  ok: exitCode('done'),
  warning: exitCode('warned'),
  failed: exitCode('failed'),
};

export function doctorCommand(): Command {
  return new Command('doctor')
    .description(
      'examine Redis, the audit store, and the hosts, client and receivers of each tenant; a line each, with what to do; it changes nothing',
    )
    .option('--tenant <id>', 'of the tenants only this one')
    .option('--json', 'print one JSON object per line, for each check')
    .action(examineAll);
}

async function examineAll({ tenant: only, json }: Options): Promise<void> {
  const { examine } = await import('../../doctor/examine.ts');
  const environment = readEnvironment();
  const config = loadConfig(environment);
  const tenants = loadTenants({ file: config.tenantsFile, environment, requireSecrets: false });
  if (only !== undefined) requireTenant(tenants, only);
  const tenantIds = only === undefined ? tenants.ids() : [only];
  const findings: Finding[] = [];
  for await (const finding of examine({ config, environment, tenants, tenantIds })) {
    findings.push(finding);
    if (json) printJson(finding);
    else print(lineOf(finding));
  }
  const number = (state: State) => findings.filter((finding) => finding.state === state).length;
  remark(STATES.map((state) => `${number(state)} ${state}`).join(', '));
  process.exitCode = EXIT[worstOf(findings)];
}
