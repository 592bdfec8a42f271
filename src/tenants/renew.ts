import { z } from 'zod';
import { describeIssue, issuesOf } from '../core/issues.ts';
import { BUCKET_CLASSES } from '../jobs/define.ts';
import { tenantId } from '../jobs/fields.ts';
import { sharingIssues } from './sharing.ts';
import { type Tenant, tenantSchema } from './tenant.ts';

/** What came of reading the tenants file again. */
export interface Reload {
  /** Each with its path; empty when the whole file was taken. */
  readonly issues: readonly string[];
}

export interface Renewed extends Reload {
  readonly tenants: readonly Tenant[];
  /** Those of before that stay as they were, since their entry has an issue or cannot be told. */
  readonly kept: readonly Tenant[];
}

export interface RenewOptions {
  readonly partitions: number;
  /** What is wrong with the secrets of a tenant; each with its path within the entry. */
  readonly secretIssues: (tenant: Tenant) => readonly string[];
}

const file = z.looseObject({ tenants: z.array(z.unknown()) });

/** One entry of the file; without a tenant it has issues. */
interface Entry {
  readonly path: string;
  /** As far as it can be told. */
  readonly id: unknown;
  readonly tenant?: Tenant;
  readonly issues: readonly string[];
}

/**
 * Takes the good entries of a tenants file, and leaves the tenants of the others as they were. While an entry does not say
 * whose it is, no tenant is taken out: it may be that one's.
 *
 * @returns undefined when it is no list of tenants at all.
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
  const { tenants, issues } = together(entries, kept, before, options.partitions);
  const unknown = Object.keys(others).length;
  const ofTheFile = unknown > 0 ? [`${unknown} fields beside "tenants", which the file does not have`] : [];
  return {
    tenants: [...tenants, ...kept],
    kept,
    issues: [...ofTheFile, ...entries.flatMap((entry) => entry.issues), ...issues],
  };
}

function read(entry: unknown, path: string, { secretIssues }: RenewOptions): Entry {
  const id: unknown = Object(entry).id;
  const parsed = tenantSchema.safeParse(entry, { reportInput: true });
  if (!parsed.success) {
    const issues = issuesOf(parsed.error).map(({ path: at, message }) =>
      describeIssue({ path: at === '' ? path : `${path}.${at}`, message }),
    );
    return { path, id, issues };
  }
  const issues = secretIssues(parsed.data).map((issue) => `${path}${issue}`);
  return issues.length > 0 ? { path, id, issues } : { path, id, tenant: parsed.data, issues };
}

/** Of two entries of one tenant neither counts. */
function alone(entries: readonly Entry[]): Entry[] {
  const byId = Map.groupBy(entries, ({ id }) => id);
  return entries.map((entry) => {
    const others = byId.get(entry.id) ?? [];
    if (typeof entry.id !== 'string' || others.length === 1) return entry;
    const { tenant: _, ...rest } = entry;
    const first = others.find((other) => other !== entry)?.path;
    return { ...rest, issues: [...entry.issues, `${entry.path}.id: stands at ${first} as well`] };
  });
}

function keptOf(entries: readonly Entry[], before: ReadonlyMap<string, Tenant>): Tenant[] {
  const bad = entries.filter(({ tenant }) => !tenant);
  const isAnonymous = bad.some(({ id }) => !tenantId.safeParse(id).success);
  const good = new Set(entries.flatMap(({ tenant }) => tenant?.id ?? []));
  const named = new Set(bad.map(({ id }) => id));
  return [...before.values()].filter(({ id }) => !good.has(id) && (isAnonymous || named.has(id)));
}

/** Of tenants that share a bucket, those count that agree with the ones before them. */
function together(
  entries: readonly Entry[],
  kept: readonly Tenant[],
  before: ReadonlyMap<string, Tenant>,
  partitions: number,
) {
  const tenants: Tenant[] = [];
  const issues: string[] = [];
  const sharers = kept.filter(isSharer);
  for (const { path, tenant } of entries) {
    if (!tenant) continue;
    const found = isSharer(tenant) ? sharingIssues([...sharers, tenant], partitions) : [];
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
