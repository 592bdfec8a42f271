import { z } from 'zod';
import { traceOf } from '../../../src/core/trace.ts';
import type { Conditions } from '../../../src/jobs/conditions.ts';
import type { AuditReadBackStep } from '../../../src/jobs/config-rollout.ts';
import type { Child, ChildState } from '../../../src/queues/children.ts';
import type { JobContext } from '../../../src/runtime/handler.ts';
import type { OrganizationOutcome } from '../../rollout/outcomes.ts';
import { readBackSince } from '../../rollout/read-back-jobs.ts';

const reference = z.object({ id: z.string(), version: z.string() });

/** The part of an organization's result that tells which entities have changed. */
const changedShape = z.object({
  configurationId: z.string(),
  isCreated: z.boolean(),
  versionBefore: z.number().nullable(),
  versionAfter: z.number(),
  deployments: z
    .array(z.object({ deploymentId: z.string(), before: reference, after: reference }))
    .default([]),
});

/** Organizations without a record that the result names. */
const NAMED = 20;
const ENDS = z.object({ status: z.enum(['found', 'missing', 'not-permitted']) });

/**
 * The jobs that read back the audit records of the changes, one for each organization that has
 * changed: a token reads the records of its own organization only.
 */
export function platformReadBackJobs(
  job: Pick<JobContext<Conditions>, 'jobId' | 'data' | 'acceptedAtMs' | 'steps'>,
  outcomes: readonly OrganizationOutcome[],
): Child[] {
  if (job.steps.isCancelled) return [];
  return outcomes.flatMap((outcome, index) => {
    const parsed = outcome.status === 'updated' ? changedShape.safeParse(outcome) : undefined;
    const changed = parsed?.success ? changedBy(parsed.data) : undefined;
    if (!parsed?.success || !changed) return [];
    const { organizationId } = outcome;
    const payload: AuditReadBackStep = {
      tenantId: organizationId,
      type: 'audit-read-back',
      rolloutId: job.jobId,
      since: readBackSince(job),
      organizations: [{ organizationId, version: parsed.data.versionAfter, ...changed }],
      onUnknownOutcome: 'resend',
      ...traceOf(job.data.traceparent, job.data.tracestate),
    };
    return [{ name: readBackOf(index), tenantId: organizationId, payload }];
  });
}

/** @returns undefined if there is nothing to look for */
function changedBy({
  configurationId,
  isCreated,
  versionBefore,
  versionAfter,
  deployments,
}: z.output<typeof changedShape>) {
  const isPublished = isCreated || versionBefore !== versionAfter;
  const moved = deployments.filter(
    ({ before, after }) => before.id !== after.id || before.version !== after.version,
  );
  if (!isPublished && moved.length === 0) return undefined;
  return {
    ...(isPublished && { configurationId }),
    ...(moved.length > 0 && { deploymentIds: moved.map(({ deploymentId }) => deploymentId) }),
  };
}

/** What the result of the rollout says of the audit records, organization by organization. */
export function platformAuditOf(
  outcomes: readonly OrganizationOutcome[],
  states: ReadonlyMap<string, ChildState>,
) {
  const ends = outcomes.flatMap(({ organizationId }, index) => {
    const state = states.get(readBackOf(index));
    return state ? [{ organizationId, status: endOf(state) }] : [];
  });
  if (ends.length === 0) return { status: 'not-wanted' };
  const missing = ends.filter(({ status }) => status !== 'found');
  // The other reasons say more than `missing`.
  const worst = missing.find(({ status }) => status !== 'missing') ?? missing[0];
  return {
    status: worst?.status ?? 'found',
    found: ends.length - missing.length,
    missing: missing.length,
    missingOrganizations: missing.slice(0, NAMED).map(({ organizationId }) => organizationId),
  };
}

function endOf(state: ChildState): 'found' | 'missing' | 'not-permitted' | 'failed' {
  const parsed = state.status === 'done' ? ENDS.safeParse(state.result) : undefined;
  return parsed?.success ? parsed.data.status : 'failed';
}

function readBackOf(index: number): string {
  return `audit-read-back-${index + 1}`;
}
