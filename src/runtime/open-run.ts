import { checked } from '../core/checked.ts';
import { CodedError } from '../core/errors.ts';
import { describeIssue, type Issue, rejectionCode } from '../core/issues.ts';
import { type JobRef, jobRefOf } from '../flow/job-ref.ts';
import { CATALOG } from '../jobs/catalog.ts';
import { type JobDefinition, parseJob } from '../jobs/define.ts';
import { envelope } from '../jobs/envelope.ts';
import { wholeData } from '../jobs/stored-data.ts';
import type { TenantRegistry } from '../tenants/registry.ts';
import type { Tenant } from '../tenants/tenant.ts';
import type { Task, Tasks } from './handler.ts';
import { MAX_CRASHES, type Run } from './run.ts';
import type { Opened, Parsed } from './stages.ts';

export interface OpenOptions {
  readonly tenants: TenantRegistry;
  /** JOB_RETRY_FOR, ms; a tenant may have its own. */
  readonly retryForMs: number;
}

/**
 * Reads the envelope of a job. @throws {CodedError} when it cannot be read: the tenant is unknown
 * then.
 */
export function openRun(run: Run, { tenants, retryForMs }: OpenOptions): Opened {
  if (run.sealedFor) throw run.sealedFor;
  const opened = checked(envelope, run.data);
  if (!opened.ok) {
    throw run.damaged ? damaged(run.damaged) : invalid(opened.issues);
  }
  const whole = wholeData(run.kind, opened.data);
  const { tenantId, payload } = whole;
  const tenant = tenants.has(tenantId) ? tenants.get(tenantId) : undefined;
  const ref = jobRefOf(run.kind, tenantId, run.jobId, payload);
  return {
    run: { ...run, acceptedAtMs: Math.max(run.acceptedAtMs, ref.sendAtMs ?? 0) },
    ref,
    envelope: whole,
    tenant,
    retryForMs: tenant?.retryForMs ?? retryForMs,
  };
}

/**
 * Checks the job again: the limits of its tenant may have changed since it was accepted.
 * @throws {CodedError} when the job is damaged, has crashed workers, or breaks its contract.
 */
export function parseRun(opened: Opened, tenants: TenantRegistry, tasks: Tasks): Parsed {
  const { run, ref, envelope } = opened;
  if (run.damaged !== undefined) throw damaged(run.damaged);
  if (run.crashes > MAX_CRASHES) throw crashed(run.crashes);
  const tenant = tenants.get(ref.tenantId);
  const data = parsePayload(CATALOG[run.kind], envelope.payload, tenants, tenant);
  return { ...opened, tenant, data, task: taskOf(tasks, ref) };
}

export function taskOf(tasks: Tasks, { kind }: Pick<JobRef, 'kind'>): Task {
  const task = tasks[kind];
  if (!task) throw new TypeError(`this process does not run ${kind}`);
  return task;
}

function parsePayload(
  definition: JobDefinition,
  payload: unknown,
  tenants: TenantRegistry,
  tenant: Tenant,
): object {
  const parsed = parseJob(definition, payload, tenants.policyOf(tenant.id), tenant);
  if (!parsed.ok) throw invalid(parsed.issues);
  return parsed.data as object;
}

function damaged(fields: string): CodedError {
  return new CodedError('JOB_DAMAGED', `Redis holds values that no job has: ${fields}`);
}

function crashed(workers: number): CodedError {
  return new CodedError('JOB_CRASHED_WORKERS', `${workers} workers died while they ran this job`);
}

function invalid(issues: readonly Issue[]): CodedError {
  const details = issues.map(describeIssue);
  return new CodedError(rejectionCode(issues), details.join('; '), { details });
}
