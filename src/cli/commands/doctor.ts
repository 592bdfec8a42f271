import { Command } from 'commander';
import { readEnvironment } from '../../config/environment.ts';
import { loadConfig } from '../../config/load.ts';
import type { Diagnosis, KindDiagnosis } from '../../genesys/diagnose.ts';
import type { GuestLimit, GuestsDiagnosis } from '../../genesys/diagnose-guests.ts';
import { openCore } from '../../queues/core.ts';
import { openRedis } from '../../redis/connect.ts';
import { asOperatorError } from '../../redis/explain.ts';
import { openRedisClock } from '../../redis/redis-clock.ts';
import { redisTarget } from '../../redis/target.ts';
import { startWarnings } from '../../runtime/start-check.ts';
import { openSeal } from '../../seal/open-seal.ts';
import { loadTenants } from '../../tenants/registry.ts';
import { exitCode } from '../exit-codes.ts';
import { requireTenant } from '../names.ts';
import { print, printJson, remark } from '../output.ts';
import { reaching } from '../reach.ts';

interface Options {
  readonly tenant?: string;
  readonly json?: true;
}

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('log each tenant in at Genesys Cloud, and say what its client may do; it changes nothing')
    .option('--tenant <id>', 'only this tenant')
    .option('--json', 'print one JSON object per line, for each tenant')
    .action(examine);
}

async function examine({ tenant: only, json }: Options): Promise<void> {
  const { openGenesys } = await import('../../genesys/open-genesys.ts');
  const { diagnose } = await import('../../genesys/diagnose.ts');
  const environment = readEnvironment();
  const config = loadConfig(environment);
  const tenants = loadTenants({ file: config.tenantsFile, environment, requireSecrets: false });
  if (only !== undefined) requireTenant(tenants, only);
  const chosen = only === undefined ? tenants.ids() : [only];
  const client = await reaching(openRedis({ ...redisTarget(config), role: 'caller' }));
  const { keys, queues } = openCore({
    client,
    config,
    seal: openSeal(config, environment),
    onError: () => {},
  });
  const genesys = openGenesys({ config, client, keys, clock: await openRedisClock(client), tenants });
  try {
    for (const warning of await startWarnings({ config, redis: client })) remark(`warning: ${warning}`);
    for (const id of chosen) {
      const diagnosis = await diagnose(genesys.genesys, tenants.get(id));
      if (json) printJson(diagnosis);
      else for (const line of linesOf(diagnosis)) print(line);
      if (diagnosis.error) process.exitCode = exitCode('failed');
    }
  } catch (error) {
    throw asOperatorError(client, error);
  } finally {
    await genesys.close();
    queues.close().catch(() => {});
    client.disconnect();
  }
}

function linesOf(diagnosis: Diagnosis): string[] {
  const { tenantId, dialect, error, organization, requestsPerMinute, guests, kinds } = diagnosis;
  if (error) return [`${tenantId} (${dialect}): ${error.code}: ${error.message}`];
  if (!organization || !requestsPerMinute) return [`${tenantId} (${dialect}): the client can log in`];
  const { ofOrganization, ofFile } = requestsPerMinute;
  const limit = ofOrganization === null ? 'Genesys Cloud does not show its limit' : `${ofOrganization}`;
  return [
    `${tenantId} (${dialect}): the client can log in to ${organization.name ?? organization.id}`,
    `  requests per minute of a token: ${limit}; the tenants file says ${ofFile}`,
    ...(guests ? guestLines(guests) : []),
    ...(kinds ?? []).map((kind) => `  ${nameOf(kind)}: ${stateOf(kind)}`),
  ];
}

/** Of the route webmessaging: its deployment, and each limit with the setting that keeps below it. */
function guestLines({ deploymentId, deployment, limits }: GuestsDiagnosis): string[] {
  return [
    `  deployment ${deploymentId}: ${statusOf(deployment)}`,
    ...limits.map(({ setting, ofOrganization, ofFile }) => {
      const file = `the tenants file says ${ofFile}`;
      if (ofOrganization === null)
        return `  ${LIMITS[setting]}: Genesys Cloud does not show its limit; ${file}`;
      const remedy = ofFile > ofOrganization ? `, which is too many: lower ${setting}` : '';
      return `  ${LIMITS[setting]}: ${ofOrganization}; ${file}${remedy}`;
    }),
  ];
}

const LIMITS: Readonly<Record<GuestLimit['setting'], string>> = {
  messagesPerSecond: 'messages per second of a guest',
  requestsPerMinute: 'requests per minute of a connection of guests',
};

function statusOf(deployment: string): string {
  if (deployment === 'missing') return 'it does not exist';
  return deployment === 'unknown'
    ? 'Genesys Cloud does not show it; a role of the client must grant webDeployments:deployment:view'
    : deployment;
}

function nameOf({ kind, route }: KindDiagnosis): string {
  return route === undefined ? kind : `${kind} by ${route}`;
}

function stateOf({ isSet, missing, issues }: KindDiagnosis): string {
  if (missing.length > 0) return `no; a role of the client must grant ${missing.join(', ')}`;
  if (issues.length > 0) return `no; ${issues.join('; ')}`;
  return isSet ? 'yes' : 'the client may; the tenants file has no settings of this route';
}
