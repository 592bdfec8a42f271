import { awaitChildren, done, type Outcome } from '../../src/core/outcome.ts';
import { traceOf } from '../../src/core/trace.ts';
import type { AuditSync } from '../../src/jobs/audit-sync.ts';
import type { Child, ChildState } from '../../src/queues/children.ts';
import type { Handler, JobContext } from '../../src/runtime/handler.ts';
import type { OrganizationsOptions } from '../../src/tenants/organizations.ts';
import { sumOf } from '../audit/counts.ts';
import { NAMED, NOTHING, type Totals, totals } from '../audit/totals.ts';
import { runStage } from '../rollout/run-stage.ts';
import { type OrganizationSyncOptions, syncOrganization } from './audit/organization.ts';
import { childFailure, finalError } from './child-failure.ts';
import { requireOrganizations } from './require-organizations.ts';

export type PlatformAuditOptions = OrganizationSyncOptions & OrganizationsOptions;

/**
 * Reads the audit records of organizations, which are tenants here: a token reads those of its own
 * organization only. The job starts a step for each tenant, waits for them, and adds up what they
 * read.
 */
export function platformAudits(options: PlatformAuditOptions): Handler<AuditSync> {
  const sync = syncOrganization(options);
  return async (job) => (job.data.syncId === undefined ? await startSteps(job, options) : await sync(job));
}

async function startSteps(job: JobContext<AuditSync>, options: OrganizationsOptions): Promise<Outcome> {
  const { data, steps } = job;
  const begun = await steps.children();
  if (begun.size === 0) requireOrganizations(data, options);
  if ((await runStage(job, 'organizations', stepsOf(job))) === 'under-way') return awaitChildren();
  const states = await steps.children();
  const sum = data.organizationIds.reduce(
    (sum, organizationId, index) => added(sum, organizationId, states.get(nameOf(index))),
    NOTHING,
  );
  refuseIfAllFailed(sum);
  return done(sum);
}

function stepsOf({ jobId, data }: JobContext<AuditSync>): Child[] {
  const { actions, from, to, pageSize, mode, expiresAt, priority } = data;
  return data.organizationIds.map((tenantId, index) => {
    const payload: AuditSync = {
      tenantId,
      organizationIds: [tenantId],
      actions,
      pageSize,
      syncId: jobId,
      onUnknownOutcome: 'resend',
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      ...(mode !== undefined && { mode }),
      ...(expiresAt !== undefined && { expiresAt }),
      ...(priority !== undefined && { priority }),
      ...traceOf(data.traceparent, data.tracestate),
    };
    return { name: nameOf(index), tenantId, payload };
  });
}

function nameOf(index: number): string {
  return `organization-${index + 1}`;
}

/** The totals with those of one step. */
function added(sum: Totals, organizationId: string, state: ChildState | undefined): Totals {
  const own = ownTotals(organizationId, state);
  return {
    organizations: sum.organizations + 1,
    ...sumOf(sum, own),
    gaps: [...sum.gaps, ...own.gaps].slice(0, NAMED),
    failed: sum.failed + own.failed,
    failures: [...sum.failures, ...own.failures].slice(0, NAMED),
  };
}

function ownTotals(organizationId: string, state: ChildState | undefined): Totals {
  if (state?.status === 'done') {
    const read = totals.safeParse(state.result);
    if (read.success) return read.data;
  }
  return { ...NOTHING, failed: 1, failures: [{ organizationId, error: { ...childFailure(state) } }] };
}

/** @throws {CodedError} the first failure, when there is nothing else. */
function refuseIfAllFailed({ organizations, failed, failures }: Totals): void {
  const [first] = failures;
  if (first && failed >= organizations) throw finalError(first.error);
}
