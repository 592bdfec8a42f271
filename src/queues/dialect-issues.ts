import type { Issue } from '../core/issues.ts';
import type { AuditSync } from '../jobs/audit-sync.ts';
import { GUEST_PAGE_SIZE } from '../jobs/audit-sync.ts';
import type { JobKind } from '../jobs/catalog.ts';
import { type OrganizationsOptions, organizationIssues } from '../tenants/organizations.ts';
import type { Tenant } from '../tenants/tenant.ts';

/** What the dialect of a tenant cannot do of a job that its contract allows. */
type Check = (data: never, tenant: Tenant, options: OrganizationsOptions) => Issue[];

const CHECKS: Readonly<Record<Tenant['dialect'], Readonly<Partial<Record<JobKind, Check>>>>> = {
  guest: { 'audit-sync': guestAuditIssues },
  platform: { 'audit-sync': platformAuditIssues },
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
      : [{ path: 'mode', message: 'expected no mode: only the dialect platform has it' }]),
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
