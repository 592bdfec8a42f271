import { type Issue, pathTo } from '../core/issues.ts';
import type { TenantRegistry } from './registry.ts';

export interface OrganizationsOptions {
  /** The tenants that the caller may use. */
  readonly tenants: Pick<TenantRegistry, 'get' | 'has'>;
  readonly partitionOf: (tenantId: string) => number;
}

/**
 * In the dialect `platform` an organization is a tenant: a token acts in its own organization only.
 * A job for several of them starts a step for each. The step belongs to that tenant, with its
 * credentials, its bucket and its lanes. BullMQ and our scripts hold a job and its steps together in
 * one hash slot, so all of the tenants must be in the partition of the job's own.
 *
 * @param organizationIds of a checked job.
 * @returns why the job cannot have these; the path of each begins with `organizationIds`.
 */
export function organizationIssues(
  tenantId: string,
  organizationIds: readonly string[],
  { tenants, partitionOf }: OrganizationsOptions,
): Issue[] {
  return organizationIds.flatMap((organizationId, index) => {
    const message = issueOf(organizationId);
    return message === undefined ? [] : [{ path: pathTo('organizationIds', index), message }];
  });

  function issueOf(organizationId: string): string | undefined {
    // A caller learns nothing about tenants that it may not use.
    if (!tenants.has(organizationId)) return 'there is no such tenant in the tenants file';
    if (tenants.get(organizationId).dialect !== 'platform')
      return 'expected a tenant of the dialect platform';
    if (partitionOf(organizationId) === partitionOf(tenantId)) return undefined;
    return 'expected a tenant in the partition of tenantId; enqueue a job for each tenant, or move one of them with gwm partitions move';
  }
}
