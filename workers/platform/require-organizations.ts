import { CodedError } from '../../src/core/errors.ts';
import { describeIssue } from '../../src/core/issues.ts';
import { type OrganizationsOptions, organizationIssues } from '../../src/tenants/organizations.ts';

/**
 * Checks the organizations of a job again: a producer without a tenants file checks nothing, and the
 * file may have changed.
 * @throws {CodedError} CAPABILITY_UNAVAILABLE
 */
export function requireOrganizations(
  { tenantId, organizationIds }: { readonly tenantId: string; readonly organizationIds: readonly string[] },
  options: OrganizationsOptions,
): void {
  const issues = organizationIssues(tenantId, organizationIds, options).map(describeIssue);
  if (issues.length === 0) return;
  const message = `in the dialect platform organizationIds are tenants: ${issues.slice(0, 5).join('; ')}`;
  throw new CodedError('CAPABILITY_UNAVAILABLE', message, { details: issues.slice(0, 20) });
}
