import type { Change } from '../../src/content/json/tree.ts';
import type { Json } from '../../src/core/json.ts';
import type { ChildState } from '../../src/queues/children.ts';

/** How a rollout ended in one organization. */
export interface OrganizationOutcome {
  readonly organizationId: string;
  /** `unknown`: a write may have been accepted, and no answer says so. */
  readonly status: 'updated' | 'unchanged' | 'dry-run' | 'unknown' | 'failed' | 'removed';
  readonly versionBefore: number | null;
  readonly versionAfter: number | null;
  readonly conflictsResolved: number;
  /** Fields that another program set meanwhile, and that the rollout set again. */
  readonly conflictFields: readonly string[];
  /** How long Genesys Cloud took for the write, ms; null without a write, or without its answer. */
  readonly latencyMs: number | null;
  /** What the rollout changed, or would change. A rollback reverses it. */
  readonly changes: readonly Change[];
  /** Code and reason of a failure. */
  readonly error: string | null;
}

/**
 * The name of the step of one organization. It has the position in the list, because BullMQ
 * reserves some characters that ids may have.
 */
export function stepOf(index: number): string {
  return `organization-${index + 1}`;
}

export function isOrganizationStep(name: string): boolean {
  return /^organization-\d+$/.test(name);
}

/** In the order of the rollout's list. @param a name of a step, with its state. */
export function byPlace([a]: [string, unknown], [b]: [string, unknown]): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

/**
 * The outcome of each organization, in the order of the list. @param states of the jobs that the
 * rollout has begun.
 */
export function outcomesOf(
  organizationIds: readonly string[],
  states: ReadonlyMap<string, ChildState>,
): OrganizationOutcome[] {
  return organizationIds.map((organizationId, index) => outcomeOf(organizationId, states.get(stepOf(index))));
}

/** Whether an organization has the configuration that it should have. */
export function hasSucceeded({ status }: OrganizationOutcome): boolean {
  return status === 'updated' || status === 'unchanged' || status === 'dry-run';
}

/** Whether an operator cancelled its step before its turn came. */
export function wasCancelled({ error }: OrganizationOutcome): boolean {
  return error?.startsWith('JOB_CANCELLED:') ?? false;
}

/** An outcome as the result of the rollout shows it. */
export function reportOf({ conflictFields, changes, ...outcome }: OrganizationOutcome): Json {
  return { ...outcome, conflictFields: [...conflictFields], changes: [...changes] };
}

const NOTHING = {
  versionBefore: null,
  versionAfter: null,
  conflictsResolved: 0,
  conflictFields: [],
  latencyMs: null,
  changes: [],
  error: null,
};

function outcomeOf(organizationId: string, state: ChildState | undefined): OrganizationOutcome {
  if (state?.status === 'done') {
    return { ...NOTHING, ...(state.result as unknown as OrganizationOutcome), organizationId };
  }
  if (state?.status === 'failed') {
    return { ...NOTHING, organizationId, status: 'failed', error: state.reason };
  }
  return { ...NOTHING, organizationId, status: 'removed', error: 'JOB_REMOVED: its job was removed by hand' };
}
