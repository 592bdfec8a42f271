import { partitionOf } from '../core/ids.ts';
import { BUCKET_CLASSES, type BucketClass } from '../jobs/define.ts';
import { inFlightOf, type Limit } from './limits.ts';
import type { Tenant } from './tenant.ts';

/**
 * Why tenants with the same `sharedAs` cannot share a bucket. With different limits, the last one
 * read would count. In different partitions, scripts cannot see one bucket, so each partition would
 * send the whole limit.
 */
export function sharingIssues(tenants: readonly Tenant[], partitions: number): string[] {
  const issues: string[] = [];
  const first = new Map<string, Tenant>();
  for (const [index, tenant] of tenants.entries()) {
    for (const bucketClass of classesOf(tenant)) {
      const { sharedAs } = tenant.limits[bucketClass];
      if (sharedAs === undefined) continue;
      const name = `${bucketClass} ${sharedAs}`;
      const other = first.get(name);
      if (other === undefined) {
        first.set(name, tenant);
        continue;
      }
      const path = `tenants[${index}].limits.${bucketClass}`;
      issues.push(...issuesOf(tenant, other, bucketClass, partitions).map((issue) => `${path}${issue}`));
    }
  }
  return issues;
}

function issuesOf(tenant: Tenant, other: Tenant, bucketClass: BucketClass, partitions: number): string[] {
  const [limit, others] = [tenant.limits[bucketClass], other.limits[bucketClass]];
  const issues: string[] = [];
  const both = `${quote(tenant.id)} and ${quote(other.id)} share ${quote(limit.sharedAs ?? '')}`;
  if (describe(limit) !== describe(others)) {
    issues.push(`: ${both}, and have different limits; give both the same limit: ${describe(others)}`);
  }
  if (tenant.limits.countsTogether !== other.limits.countsTogether) {
    issues.push(`.sharedAs: ${both}, and have different dialects; give each a sharedAs of its own`);
  }
  const [own, theirs] = [tenant, other].map(({ id }) => partitionOf(id, partitions));
  if (own !== theirs) {
    const remedy =
      'set PARTITIONS=1, rename one of them, or give each a sharedAs and a part of the limit of its own';
    issues.push(`.sharedAs: ${both}, and fall into partitions ${own} and ${theirs}; ${remedy}`);
  }
  return issues;
}

/** The classes with a limit of their own. */
function classesOf({ limits }: Tenant): readonly BucketClass[] {
  return limits.countsTogether ? ['platform'] : BUCKET_CLASSES;
}

function describe(limit: Limit): string {
  const { capacity, ratePerSecond } = limit;
  return `capacity ${capacity}, ratePerSecond ${ratePerSecond}, inFlight ${inFlightOf(limit)}`;
}

const quote = (name: string) => JSON.stringify(name);
