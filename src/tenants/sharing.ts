import { BUCKET_CLASSES, type BucketClass } from '../jobs/define.ts';
import { inFlightOf, type Limit } from './limits.ts';
import type { Tenant } from './tenant.ts';

/** The partitions of a tenant: while it moves there are two. */
export type PartitionsOf = (tenantId: string) => readonly number[];

/**
 * Why tenants with the same `sharedAs` cannot share a bucket. With different limits, the last one
 * read would count. In different partitions, scripts cannot see one bucket, so each partition would
 * send the whole limit.
 */
export function sharingIssues(tenants: readonly Tenant[], partitionsOf: PartitionsOf): string[] {
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
      issues.push(...issuesOf(tenant, other, bucketClass, partitionsOf).map((issue) => `${path}${issue}`));
    }
  }
  return issues;
}

function issuesOf(
  tenant: Tenant,
  other: Tenant,
  bucketClass: BucketClass,
  partitionsOf: PartitionsOf,
): string[] {
  const [limit, others] = [tenant.limits[bucketClass], other.limits[bucketClass]];
  const issues: string[] = [];
  const both = `${quote(tenant.id)} and ${quote(other.id)} share ${quote(limit.sharedAs ?? '')}`;
  if (describe(limit) !== describe(others)) {
    issues.push(`: ${both}, and have different limits; give both the same limit: ${describe(others)}`);
  }
  if (tenant.limits.countsTogether !== other.limits.countsTogether) {
    issues.push(`.sharedAs: ${both}, and have different dialects; give each a sharedAs of its own`);
  }
  const [own = [], theirs = []] = [tenant, other].map(({ id }) => partitionsOf(id));
  if (!own.some((partition) => theirs.includes(partition))) {
    const remedy =
      'move one of them with gwm partitions move, or give each a sharedAs and a part of the limit of its own';
    issues.push(`.sharedAs: ${both}, and fall into partitions ${own} and ${theirs}; ${remedy}`);
  }
  return issues;
}

/** The tenants that share a bucket with one of them, themselves among these: they are in one partition. */
export function sharersOf(tenants: readonly Tenant[], tenantId: string): string[] {
  const namesOf = (tenant: Tenant) =>
    classesOf(tenant).flatMap((bucketClass) => {
      const { sharedAs } = tenant.limits[bucketClass];
      return sharedAs === undefined ? [] : [`${bucketClass} ${sharedAs}`];
    });
  const found = new Set([tenantId]);
  const names = new Set<string>();
  for (let size = 0; size < found.size; ) {
    size = found.size;
    for (const tenant of tenants)
      if (found.has(tenant.id)) for (const name of namesOf(tenant)) names.add(name);
    for (const tenant of tenants) if (namesOf(tenant).some((name) => names.has(name))) found.add(tenant.id);
  }
  return [...found];
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
