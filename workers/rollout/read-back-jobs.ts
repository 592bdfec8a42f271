import { traceOf } from '../../src/core/trace.ts';
import type { Conditions } from '../../src/jobs/conditions.ts';
import type { AuditReadBackStep } from '../../src/jobs/config-rollout.ts';
import type { Child } from '../../src/queues/children.ts';
import type { JobContext } from '../../src/runtime/handler.ts';
import type { OrganizationOutcome } from './outcomes.ts';

/** The name of the step. */
export const READ_BACK = 'audit-read-back';

/** Clocks differ: a record may have a time a little before the rollout was accepted, ms. */
const MARGIN_MS = 60_000;

/** The job that reads back the audit records of the changes; empty without a change. */
export function readBackJobs(
  {
    jobId,
    tenant,
    acceptedAtMs,
    data,
    steps,
  }: Pick<JobContext<Conditions>, 'jobId' | 'tenant' | 'data' | 'acceptedAtMs' | 'steps'>,
  outcomes: readonly OrganizationOutcome[],
): Child[] {
  const changed = outcomes.filter(({ status }) => status === 'updated');
  if (changed.length === 0 || steps.isCancelled) return [];
  const payload: AuditReadBackStep = {
    tenantId: tenant.id,
    type: 'audit-read-back',
    rolloutId: jobId,
    since: readBackSince({ acceptedAtMs }),
    organizations: changed.map(({ organizationId, versionAfter }) => ({
      organizationId,
      version: versionAfter ?? 0,
    })),
    onUnknownOutcome: 'resend',
    ...traceOf(data.traceparent, data.tracestate),
  };
  return [{ name: READ_BACK, payload }];
}

/** The time from which on the records of a rollout are: it changed nothing before it was accepted. */
export function readBackSince({ acceptedAtMs }: Pick<JobContext<unknown>, 'acceptedAtMs'>): string {
  return new Date(acceptedAtMs - MARGIN_MS).toISOString();
}
