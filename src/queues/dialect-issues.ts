import { mappedConfiguration, mappedDeployment } from '../content/configuration/messenger-mapping.ts';
import type { Issue } from '../core/issues.ts';
import { type AuditSync, GUEST_PAGE_SIZE } from '../jobs/audit-sync.ts';
import type { JobKind } from '../jobs/catalog.ts';
import type { ConfigRollout, WebchatConfigurationRollout } from '../jobs/config-rollout.ts';
import { type OrganizationsOptions, organizationIssues } from '../tenants/organizations.ts';
import type { Tenant } from '../tenants/tenant.ts';

/** What the dialect of a tenant cannot do of a job that its contract allows. */
type Check = (data: never, tenant: Tenant, options: OrganizationsOptions) => Issue[];

const CHECKS: Readonly<Record<Tenant['dialect'], Readonly<Partial<Record<JobKind, Check>>>>> = {
  guest: { 'audit-sync': guestAuditIssues, 'config-rollout': guestRolloutIssues },
  platform: { 'audit-sync': platformAuditIssues, 'config-rollout': platformRolloutIssues },
};

/** @param data of a job, checked against its contract. */
export function dialectIssues(
  kind: JobKind,
  data: object,
  tenant: Tenant,
  options: OrganizationsOptions,
): Issue[] {
  return CHECKS[tenant.dialect][kind]?.(data as never, tenant, options) ?? [];
}

function guestAuditIssues({ mode, pageSize }: AuditSync): Issue[] {
  return [
    ...(mode === undefined
      ? []
      : [unavailable('mode', 'expected no mode: only the dialect platform has it')]),
    ...(pageSize <= GUEST_PAGE_SIZE
      ? []
      : [{ path: 'pageSize', message: `expected at most ${GUEST_PAGE_SIZE} in the dialect guest` }]),
  ];
}

function platformAuditIssues(
  { tenantId, organizationIds }: AuditSync,
  _tenant: Tenant,
  options: OrganizationsOptions,
): Issue[] {
  return organizationIssues(tenantId, organizationIds, options);
}

/** Fields of rollouts that the dialect `guest` does not have. */
const ROLLOUT_FIELDS = ['configurationId', 'configurationName', 'deployments', 'allowedDomains'] as const;

function guestRolloutIssues(rollout: ConfigRollout): Issue[] {
  const given = ROLLOUT_FIELDS.filter((name) => name in rollout && Reflect.get(rollout, name) !== undefined);
  const ignores = 'ignoreUnsupported' in rollout && rollout.ignoreUnsupported;
  return [...given, ...(ignores ? ['ignoreUnsupported'] : [])].map((path) =>
    unavailable(path, 'expected no such field: only the dialect platform has it'),
  );
}

function platformRolloutIssues(
  rollout: ConfigRollout,
  _tenant: Tenant,
  options: OrganizationsOptions,
): Issue[] {
  switch (rollout.type) {
    case 'webchat-configuration':
      return [
        ...organizationIssues(rollout.tenantId, rollout.organizationIds, options),
        ...idIssues(rollout),
        ...unsupportedIssues(mappedConfiguration(rollout.configuration).unsupported, rollout),
      ];
    case 'deployment':
      return unsupportedIssues(mappedDeployment(rollout).unsupported, rollout);
    default:
      return [];
  }
}

/** An id is that of one organization; a name may be that of one in each. */
function idIssues({ configurationId, organizationIds }: WebchatConfigurationRollout): Issue[] {
  if (configurationId === undefined || organizationIds.length === 1) return [];
  const message = 'expected configurationName for several organizations: an id is that of one of them';
  return [{ path: 'configurationId', message }];
}

function unsupportedIssues(
  paths: readonly string[],
  { ignoreUnsupported }: { readonly ignoreUnsupported?: boolean | undefined },
): Issue[] {
  if (ignoreUnsupported) return [];
  const message = 'the dialect platform has no counterpart; set ignoreUnsupported to true to leave it out';
  return paths.map((path) => unavailable(path, message));
}

/** The dialect has no place for the field. */
function unavailable(path: string, message: string): Issue {
  return { path, message, code: 'CAPABILITY_UNAVAILABLE' };
}
