import { z } from 'zod';
import { checked } from '../core/checked.ts';
import { describeIssue } from '../core/issues.ts';
import { BUCKET_CLASSES } from '../jobs/define.ts';
import { tenantId } from '../jobs/fields.ts';
import { type PartitionsOf, sharingIssues } from './sharing.ts';
import { type Tenant, tenantSchema } from './tenant.ts';

/** The result of reading the tenants file again. */
export interface Reload {
  /** Each error with its path; empty when the whole file was taken. */
  readonly issues: readonly string[];
}

export interface Renewed extends Reload {
  readonly tenants: readonly Tenant[];
  /** Tenants that stay as they were, because their entry has an error or cannot be identified. */
  readonly kept: readonly Tenant[];
}

export interface RenewOptions {
  readonly partitionsOf: PartitionsOf;
  /** The errors of a tenant's secrets, each with its path within the entry. */
  readonly secretIssues: (tenant: Tenant) => readonly string[];
}

const file = z.looseObject({ tenants: z.array(z.unknown()) });

/** One entry of the file; without a tenant it has errors. */
interface Entry {
  readonly path: string;
  /** As far as it can be read. */
  readonly id: unknown;
  readonly tenant?: Tenant;
  readonly issues: readonly string[];
}

/**
 * Takes the valid entries of a tenants file, and keeps the earlier tenants of the other entries.
 * While an entry has no readable id, no tenant is removed: the entry may be that tenant's.
 *
 * @returns undefined when the file has no list of tenants.
 */
export function renew(
  json: unknown,
  before: ReadonlyMap<string, Tenant>,
  options: RenewOptions,
): Renewed | undefined {
  const parsed = file.safeParse(json);
  if (!parsed.success) return undefined;
  const { tenants: raw, ...others } = parsed.data;
  const entries = alone(raw.map((entry, index) => read(entry, `tenants[${index}]`, options)));
  const kept = keptOf(entries, before);
  const { tenants, issues } = together(entries, kept, before, options.partitionsOf);
  const unknown = Object.keys(others).length;
  const ofTheFile = unknown > 0 ? [`${unknown} unknown fields beside "tenants"`] : [];
  return {
    tenants: [...tenants, ...kept],
    kept,
    issues: [...ofTheFile, ...entries.flatMap((entry) => entry.issues), ...issues],
  };
}

function read(entry: unknown, path: string, { secretIssues }: RenewOptions): Entry {
  const id: unknown = Object(entry).id;
  const parsed = checked(tenantSchema, entry);
  if (!parsed.ok) {
    const issues = parsed.issues.map(({ path: at, message }) =>
      describeIssue({ path: at === '' ? path : `${path}.${at}`, message }),
    );
    return { path, id, issues };
  }
  const issues = secretIssues(parsed.data).map((issue) => `${path}${issue}`);
  return issues.length > 0 ? { path, id, issues } : { path, id, tenant: parsed.data, issues };
}

/** Refuses both entries when two have the same id. */
function alone(entries: readonly Entry[]): Entry[] {
  const byId = Map.groupBy(entries, ({ id }) => id);
  return entries.map((entry) => {
    const others = byId.get(entry.id) ?? [];
    if (typeof entry.id !== 'string' || others.length === 1) return entry;
    const { tenant: _, ...rest } = entry;
    const first = others.find((other) => other !== entry)?.path;
    return { ...rest, issues: [...entry.issues, `${entry.path}.id: ${first} has the same one`] };
  });
}

function keptOf(entries: readonly Entry[], before: ReadonlyMap<string, Tenant>): Tenant[] {
  const bad = entries.filter(({ tenant }) => !tenant);
  const isAnonymous = bad.some(({ id }) => !tenantId.safeParse(id).success);
  const good = new Set(entries.flatMap(({ tenant }) => tenant?.id ?? []));
  const named = new Set(bad.map(({ id }) => id));
  return [...before.values()].filter(({ id }) => !good.has(id) && (isAnonymous || named.has(id)));
}

/** Among tenants that share a bucket, keeps those that agree with the earlier ones. */
function together(
  entries: readonly Entry[],
  kept: readonly Tenant[],
  before: ReadonlyMap<string, Tenant>,
  partitionsOf: PartitionsOf,
) {
  const tenants: Tenant[] = [];
  const issues: string[] = [];
  const sharers = kept.filter(isSharer);
  for (const { path, tenant } of entries) {
    if (!tenant) continue;
    const found = isSharer(tenant) ? sharingIssues([...sharers, tenant], partitionsOf) : [];
    const own = found.filter((issue) => issue.startsWith(`tenants[${sharers.length}]`));
    issues.push(...own.map((issue) => issue.replace(/^tenants\[\d+\]/, path)));
    const chosen = own.length === 0 ? tenant : before.get(tenant.id);
    if (!chosen) continue;
    tenants.push(chosen);
    if (isSharer(chosen)) sharers.push(chosen);
  }
  return { tenants, issues };
}

function isSharer({ limits }: Tenant): boolean {
  return BUCKET_CLASSES.some((bucketClass) => limits[bucketClass].sharedAs !== undefined);
}
