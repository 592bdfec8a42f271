import { createContentPolicy } from '../content/policy.ts';
import { jobIdOf } from '../core/ids.ts';
import type { Issue } from '../core/issues.ts';
import { type JobRef, jobRefOf } from '../flow/job-ref.ts';
import { CATALOG, type JobKind } from '../jobs/catalog.ts';
import { type JobDefinition, parseJob } from '../jobs/define.ts';
import type { Envelope } from '../jobs/envelope.ts';
import type { TenantRegistry } from '../tenants/registry.ts';
import { receiverIssues } from '../webhooks/receiver-issues.ts';

/** One entry on its way: what it becomes in the queue, or why it does not. */
export type Prepared = { readonly index: number } & (
  | { readonly issues: readonly Issue[]; readonly jobs?: never }
  | { readonly issues?: never; readonly jobs: readonly PreparedJob[] }
);

export interface PreparedJob {
  readonly tenantId: string;
  readonly ref: JobRef;
  readonly payload: Envelope['payload'];
  /** The job that has begun this one. */
  readonly parentId?: string;
}

export interface PrepareOptions {
  readonly kind: JobKind;
  /** Position of the entry in the input, from 0. */
  readonly index: number;
  readonly input: unknown;
  readonly idempotencyKey?: string | undefined;
  readonly tenants?: TenantRegistry | undefined;
}

const defaultPolicy = createContentPolicy();

/** Everything that can be said about an entry without Redis: all its issues, or the jobs it becomes. */
export function prepare(options: PrepareOptions): Prepared {
  try {
    return prepared(options);
  } catch {
    // Nothing that an entry holds may take those behind it along.
    const message = `expected a job of ${options.kind}, got something that cannot be checked`;
    return { index: options.index, issues: [{ path: '', message }] };
  }
}

function prepared({ kind, index, input, idempotencyKey, tenants }: PrepareOptions): Prepared {
  const definition: JobDefinition = CATALOG[kind];
  const tenantId = tenantIdOf(input);
  const parsed = parseJob(definition, input, tenants?.policyOf(tenantId) ?? defaultPolicy);
  const issues = [
    ...(parsed.ok ? stepIssues(definition, parsed.data as object) : parsed.issues),
    ...tenantIssues(tenantId, input, tenants),
  ];
  if (!parsed.ok || issues.length > 0) return { index, issues };

  // Every contract has a tenant; the catalog's types cannot say so for a kind known only at run time.
  const data = parsed.data as Envelope['payload'] & { tenantId: string; idempotencyKey?: string };
  const baseId = jobIdOf(kind, data.tenantId, idempotencyKey ?? data.idempotencyKey);
  const payloads = definition.expand(data) as Envelope['payload'][];
  const jobs = payloads.map((payload, part) => {
    // The first part has the id of the whole: however a text is split, it is accepted once.
    const jobId = part === 0 ? baseId : `${baseId}-${part + 1}`;
    return {
      tenantId: data.tenantId,
      ref: jobRefOf(kind, data.tenantId, jobId, payload, part > 0),
      payload,
    };
  });
  return { index, jobs };
}

/** Steps are begun by the job that they belong to, and report to nobody else; requests to receivers by the job that ended. */
function stepIssues(definition: JobDefinition, data: object): Issue[] {
  if (definition.kindCode === null) {
    return [
      { path: '', message: `${definition.kind} jobs are begun by other jobs; they cannot be handed over` },
    ];
  }
  if (!definition.isStep(data)) return [];
  const message = `${definition.nameOf(data)} is a step that other jobs begin; it cannot be handed over`;
  return [{ path: 'type', message }];
}

function tenantIdOf(input: unknown): string {
  const named = typeof input === 'object' && input !== null && 'tenantId' in input ? input.tenantId : '';
  return typeof named === 'string' ? named : '';
}

/** What only the tenants file can tell: whether there is such a tenant, and where its callbacks and embed codes may go. */
function tenantIssues(tenantId: string, input: unknown, tenants: TenantRegistry | undefined): Issue[] {
  if (!tenants || tenantId === '') return [];
  if (tenants.has(tenantId)) return receiverIssues(input, tenants.get(tenantId));
  // Neither what came, which may be an address with a password, nor whom else there is.
  return [{ path: 'tenantId', message: 'there is no such tenant in the tenants file' }];
}
