import { CodedError } from '../../src/core/errors.ts';
import type { Json } from '../../src/core/json.ts';
import type { JobResult } from '../../src/core/outcome.ts';
import type { ChildState } from '../../src/queues/children.ts';
import { hasSucceeded, type OrganizationOutcome, reportOf } from './outcomes.ts';
import { READ_BACK } from './read-back-jobs.ts';
import { REPLICATION, type ReplicationPlan } from './replication-plan.ts';

/** Failures that a callback names; the job keeps all of them. */
const NAMED_FAILURES = 20;

/**
 * A rollout that reached no organization at all has failed.
 * @throws {CodedError} ROLLOUT_FAILED
 */
export function refuseIfAllFailed(outcomes: readonly OrganizationOutcome[]): void {
  if (outcomes.some((outcome) => hasSucceeded(outcome) || outcome.status === 'unknown')) return;
  const details = outcomes.slice(0, NAMED_FAILURES).map(lineOf);
  throw new CodedError('ROLLOUT_FAILED', `no organization of ${outcomes.length} was reached`, { details });
}

/**
 * The result of a rollout. It is `partial` when an organization was not reached, or when the
 * replication did not end well. A missing audit record does not change what was rolled out.
 */
export function summaryOf(
  outcomes: readonly OrganizationOutcome[],
  states: ReadonlyMap<string, ChildState>,
  plan: ReplicationPlan,
): JobResult {
  const failed = outcomes.filter((outcome) => !hasSucceeded(outcome));
  const replication = replicationOf(plan, states.get(REPLICATION));
  const isWhole = failed.length === 0 && WELL.has(replication.status);
  return {
    status: isWhole ? 'completed' : 'partial',
    updated: countOf(outcomes, 'updated'),
    unchanged: countOf(outcomes, 'unchanged'),
    failed: failed.length,
    conflictsResolved: outcomes.reduce((sum, { conflictsResolved }) => sum + conflictsResolved, 0),
    failures: failed.slice(0, NAMED_FAILURES).map(({ organizationId, error }) => ({ organizationId, error })),
    replication: { ...replication },
    audit: auditOf(states.get(READ_BACK)),
    organizations: outcomes.map(reportOf),
  };
}

/**
 * Ends of a replication that do not make its rollout `partial`. A skipped one ends with its reason.
 */
const WELL: ReadonlySet<unknown> = new Set(['completed', 'not-wanted', 'unknown']);

interface ReplicationReport extends Readonly<Record<string, Json>> {
  readonly status: string;
}

function replicationOf(plan: ReplicationPlan, state: ChildState | undefined): ReplicationReport {
  if ('skipped' in plan) return { status: plan.skipped };
  if (state?.status === 'done') return state.result as ReplicationReport;
  return { status: 'failed', error: state?.status === 'failed' ? state.reason : 'JOB_REMOVED' };
}

function auditOf(state: ChildState | undefined): Json {
  if (state === undefined) return { status: 'not-wanted' };
  if (state.status === 'done') return state.result;
  return { status: 'failed', error: state.status === 'failed' ? state.reason : null };
}

function countOf(outcomes: readonly OrganizationOutcome[], wanted: OrganizationOutcome['status']): number {
  return outcomes.filter(({ status }) => status === wanted).length;
}

function lineOf({ organizationId, error }: OrganizationOutcome): string {
  return `${organizationId}: ${error}`;
}
