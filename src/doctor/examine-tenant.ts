import type { Environment } from '../config/environment.ts';
import { ERRORS } from '../core/errors.ts';
import { type Diagnosis, diagnose, type KindDiagnosis } from '../genesys/diagnose.ts';
import type { GuestsDiagnosis } from '../genesys/diagnose-guests.ts';
import type { OpenGenesys } from '../genesys/open-genesys.ts';
import { secretIssues, secretReferencesOf } from '../tenants/secret.ts';
import type { Tenant } from '../tenants/tenant.ts';
import { type Finding, failed, ok, warning } from './finding.ts';
import { withoutPeriod } from './timed.ts';

const ROLE = 'Give a role of the OAuth client these permissions (docs/platform.md#permissions).';
const SCOPES = 'Give the OAuth client these scopes (docs/tenants.md#scopes). Then run gwm resume.';

/** The secrets that the entry of a tenant refers to. */
export function examineSecrets(tenant: Tenant, environment: Environment): Finding[] {
  const issues = secretIssues(tenant, environment);
  const number = secretReferencesOf(tenant).length;
  if (issues.length === 0) return [ok(aboutOf(tenant), 'secrets', `${number} can be read`)];
  const todo = 'Correct the reference in the tenants file, or the secret behind it.';
  return [failed(aboutOf(tenant), 'secrets', withoutPeriod(issues.join('; ')), todo)];
}

/** Logs the client of a tenant in, and asks what it may do. It changes nothing. */
export async function examineClient(
  tenant: Tenant,
  { genesys, missingScopes }: Pick<OpenGenesys, 'genesys' | 'missingScopes'>,
): Promise<Finding[]> {
  const about = aboutOf(tenant);
  const diagnosis = await diagnose(genesys, tenant);
  if (diagnosis.error) {
    const { code, message } = diagnosis.error;
    return [failed(about, 'credentials', `${code}: ${withoutPeriod(message)}`, ERRORS[code].hint)];
  }
  if (tenant.dialect === 'platform') return findingsOf(about, diagnosis);
  const missing = await missingScopes(tenant);
  return [
    ok(about, 'credentials', 'the client can log in'),
    ok(about, 'dialect', tenant.dialect),
    missing.length === 0
      ? ok(about, 'scopes', 'the client has all')
      : warning(about, 'scopes', `the client lacks ${missing.join(', ')}`, SCOPES),
  ];
}

/** `tenant acme` */
export function aboutOf({ id }: Pick<Tenant, 'id'>): string {
  return `tenant ${id}`;
}

/** Of the dialect `platform`, whose API says what a client may do. */
function findingsOf(
  about: string,
  { organization, requestsPerMinute, guests, kinds = [] }: Diagnosis,
): Finding[] {
  const name = organization?.name ?? organization?.id ?? 'its organization';
  return [
    ok(about, 'credentials', `the client can log in to ${name}`),
    ok(about, 'dialect', 'platform'),
    ...(requestsPerMinute
      ? [limitOf(about, 'requests per minute of a token', requestsPerMinute, 'limits.platform')]
      : []),
    ...(guests ? guestFindings(about, guests) : []),
    ...kinds.map((kind) => kindFinding(about, kind)),
  ];
}

interface Limit {
  readonly ofOrganization: number | null;
  readonly ofFile: number;
}

function limitOf(about: string, check: string, { ofOrganization, ofFile }: Limit, setting: string): Finding {
  if (ofOrganization === null)
    return ok(about, check, `Genesys Cloud does not show its limit; the tenants file says ${ofFile}`);
  const found = `${ofOrganization}; the tenants file says ${ofFile}`;
  if (ofFile <= ofOrganization) return ok(about, check, found);
  return warning(
    about,
    check,
    found,
    `Lower ${setting} in the tenants file: Genesys Cloud answers 429 to the rest.`,
  );
}

const GUEST_LIMITS = {
  messagesPerSecond: 'messages per second of a guest',
  requestsPerMinute: 'requests per minute of a connection of guests',
} as const;

function guestFindings(about: string, { deploymentId, deployment, limits }: GuestsDiagnosis): Finding[] {
  return [
    deploymentFinding(about, `deployment ${deploymentId}`, deployment),
    ...limits.map(({ setting, ...limit }) =>
      limitOf(about, GUEST_LIMITS[setting], limit, `platform.webmessaging.${setting}`),
    ),
  ];
}

function deploymentFinding(about: string, check: string, deployment: string): Finding {
  if (deployment === 'Active') return ok(about, check, deployment);
  if (deployment === 'unknown') {
    const todo = 'Give a role of the OAuth client the permission webDeployments:deployment:view.';
    return warning(about, check, 'Genesys Cloud does not show it', todo);
  }
  const todo = 'Correct platform.webmessaging of the tenant, or activate the deployment.';
  return failed(about, check, deployment === 'missing' ? 'it does not exist' : deployment, todo);
}

function kindFinding(about: string, { kind, route, isSet, missing, issues }: KindDiagnosis): Finding {
  const check = route === undefined ? kind : `${kind} by ${route}`;
  if (!isSet) return ok(about, check, 'not used: the tenants file has no settings of this route');
  if (missing.length > 0) return warning(about, check, `the client lacks ${missing.join(', ')}`, ROLE);
  if (issues.length === 0) return ok(about, check, 'the client may');
  return failed(
    about,
    check,
    issues.join('; '),
    'Correct platform.webmessaging of the tenant, or the deployment.',
  );
}
