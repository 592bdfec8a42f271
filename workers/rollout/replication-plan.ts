import { traceOf } from '../../src/core/trace.ts';
import type { ReplicationStep, WebchatConfigurationRollout } from '../../src/jobs/config-rollout.ts';
import type { Child } from '../../src/queues/children.ts';
import { hasSucceeded, type OrganizationOutcome, wasCancelled } from './outcomes.ts';

/** The source and the targets of a replication, or why there is no replication. */
export type ReplicationPlan =
  | { readonly sourceOrganizationId: string; readonly targetOrganizationIds: readonly string[] }
  | { readonly skipped: 'not-wanted' | 'cancelled' | 'source-failed' | 'no-targets' };

/** The name of the step. */
export const REPLICATION = 'replication';

/**
 * The first organization is the source. The targets are only those of the others that have the
 * configuration. An organization may have failed because a foreign change had to stay: replication
 * must not overwrite that change.
 */
export function planReplication(
  { replicate, dryRun }: WebchatConfigurationRollout,
  outcomes: readonly OrganizationOutcome[],
  isCancelled = false,
): ReplicationPlan {
  const [source, ...others] = outcomes;
  if (!replicate || dryRun || !source || others.length === 0) return { skipped: 'not-wanted' };
  if (isCancelled || outcomes.some(wasCancelled)) return { skipped: 'cancelled' };
  if (!hasSucceeded(source)) return { skipped: 'source-failed' };
  const targets = others.filter(hasSucceeded);
  if (targets.length === 0) return { skipped: 'no-targets' };
  return {
    sourceOrganizationId: source.organizationId,
    targetOrganizationIds: targets.map(({ organizationId }) => organizationId),
  };
}

/** The job that carries the plan out; empty when there is nothing to replicate. */
export function replicationJobs(
  rolloutId: string,
  { tenantId, overwriteExisting, priority, traceparent, tracestate }: WebchatConfigurationRollout,
  plan: ReplicationPlan,
): Child[] {
  if ('skipped' in plan) return [];
  const { sourceOrganizationId, targetOrganizationIds } = plan;
  const payload: ReplicationStep = {
    tenantId,
    type: 'replication',
    rolloutId,
    sourceOrganizationId,
    targetOrganizationIds: [...targetOrganizationIds],
    overwriteExisting,
    onUnknownOutcome: 'resend',
    ...(priority !== undefined && { priority }),
    ...traceOf(traceparent, tracestate),
  };
  return [{ name: REPLICATION, payload }];
}
