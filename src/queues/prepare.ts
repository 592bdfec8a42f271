import { createContentPolicy } from '../content/policy/policy.ts';
import { jobIdOf } from '../core/ids.ts';
import type { Issue } from '../core/issues.ts';
import { type JobRef, jobRefOf } from '../flow/job-ref.ts';
import { CATALOG, type JobKind } from '../jobs/catalog.ts';
import { type JobDefinition, parseJob } from '../jobs/define.ts';
import type { Envelope } from '../jobs/envelope.ts';
import type { TenantRegistry } from '../tenants/registry.ts';
import type { Tenant } from '../tenants/tenant.ts';
import { receiverIssues } from '../webhooks/receiver-issues.ts';
import { attachmentIssues } from './attachment-issues.ts';
import { dialectIssues } from './dialect-issues.ts';

/** An entry with the jobs that it becomes, or with its errors. */
export type Prepared = { readonly index: number } & (
  | { readonly issues: readonly Issue[]; readonly jobs?: never }
  | { readonly issues?: never; readonly jobs: readonly PreparedJob[] }
);

export interface PreparedJob {
  readonly tenantId: string;
  readonly ref: JobRef;
  readonly payload: Envelope['payload'];
  /** The job that starts this one. */
  readonly parentId?: string;
}

export interface PrepareOptions {
  readonly kind: JobKind;
  /** Position of the entry in the input, from 0. */
  readonly index: number;
  readonly input: unknown;
  readonly idempotencyKey?: string | undefined;
  readonly tenants?: TenantRegistry | undefined;
  /** The partition of a tenant; one for all by default. */
  readonly partitionOf?: (tenantId: string) => number;
}

const defaultPolicy = createContentPolicy();

/** Checks an entry without Redis. Returns all its errors, or its jobs. */
export function prepare(options: PrepareOptions): Prepared {
  try {
    return prepared(options);
  } catch {
    // An entry that makes a check throw must not stop the entries after it.
    const message = `expected a job of ${options.kind}, got something that cannot be checked`;
    return { index: options.index, issues: [{ path: '', message }] };
  }
}

function prepared(options: PrepareOptions): Prepared {
  const { kind, index, input, idempotencyKey, tenants } = options;
  const definition: JobDefinition = CATALOG[kind];
  const tenantId = tenantIdOf(input);
  const tenant = tenants?.has(tenantId) ? tenants.get(tenantId) : undefined;
  const parsed = parseJob(definition, input, tenants?.policyOf(tenantId) ?? defaultPolicy, tenant);
  const issues = [
    ...(parsed.ok ? stepIssues(definition, parsed.data as object) : parsed.issues),
    ...tenantIssues(tenantId, input, tenants, tenant),
    ...(parsed.ok ? unavailableIssues(tenantId, parsed.data as object, options) : []),
  ];
  if (!parsed.ok || issues.length > 0) return { index, issues };

  // Every contract has a tenant. The types of the catalog do not say so for a kind that is known at
  // run time.
  const data = parsed.data as Envelope['payload'] & { tenantId: string; idempotencyKey?: string };
  const baseId = jobIdOf(kind, data.tenantId, idempotencyKey ?? data.idempotencyKey);
  const payloads = definition.expand(data, tenant) as Envelope['payload'][];
  const jobs = payloads.map((payload, part) => {
    // The first part has the id of the whole. So any split of a text is accepted once.
    const jobId = part === 0 ? baseId : `${baseId}-${part + 1}`;
    return {
      tenantId: data.tenantId,
      ref: jobRefOf(kind, data.tenantId, jobId, payload, part > 0),
      payload,
    };
  });
  return { index, jobs };
}

/**
 * Refuses jobs that only other jobs start: steps, which report to their parent alone, and requests
 * to receivers.
 */
function stepIssues(definition: JobDefinition, data: object): Issue[] {
  if (definition.kindCode === null) {
    return [{ path: '', message: `only other jobs start ${definition.kind} jobs; they cannot be enqueued` }];
  }
  if (!definition.isStep(data)) return [];
  const message = `${definition.nameOf(data)} is a step that only other jobs start; it cannot be enqueued`;
  return [{ path: 'type', message }];
}

function tenantIdOf(input: unknown): string {
  const named = typeof input === 'object' && input !== null && 'tenantId' in input ? input.tenantId : '';
  return typeof named === 'string' ? named : '';
}

/**
 * Errors that only the tenants file shows: an unknown tenant, or a receiver or a file whose address
 * the tenant does not allow.
 */
function tenantIssues(
  tenantId: string,
  input: unknown,
  tenants: TenantRegistry | undefined,
  tenant: Tenant | undefined,
): Issue[] {
  if (!tenants || tenantId === '') return [];
  if (tenant) return [...receiverIssues(input, tenant), ...attachmentIssues(Object(input), tenant)];
  // The message names no value and no other tenant: the value may be an address with a password.
  return [{ path: 'tenantId', message: 'there is no such tenant in the tenants file' }];
}

/** What the dialect of the tenant cannot do. */
function unavailableIssues(
  tenantId: string,
  data: object,
  { kind, tenants, partitionOf = () => 0 }: PrepareOptions,
): Issue[] {
  if (!tenants?.has(tenantId)) return [];
  return dialectIssues(kind, data, tenants.get(tenantId), { tenants, partitionOf });
}
