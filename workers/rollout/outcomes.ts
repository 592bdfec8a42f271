import type { Change } from '../../src/content/json/tree.ts';
import type { Json } from '../../src/core/json.ts';
import type { ChildState } from '../../src/queues/children.ts';

/** What a rollout came to in one organization. */
export interface OrganizationOutcome {
  readonly organizationId: string;
  /** `unknown`: a write may have been accepted, and nobody can know. */
  readonly status: 'updated' | 'unchanged' | 'dry-run' | 'unknown' | 'failed' | 'removed';
  readonly versionBefore: number | null;
  readonly versionAfter: number | null;
  readonly conflictsResolved: number;
  /** Fields that somebody else set meanwhile, and that the rollout set all the same. */
  readonly conflictFields: readonly string[];
  /** How long Genesys Cloud took for the write, ms; null where nothing was written, or nobody heard. */
  readonly latencyMs: number | null;
  /** What was, or would be, changed: by it the version before is put back. */
  readonly changes: readonly Change[];
  /** Code and reason of a failure. */
  readonly error: string | null;
}

/** The name of the step of one organization: its place in the list, for ids have characters that BullMQ reads as its own. */
export function stepOf(index: number): string {
  return `organization-${index + 1}`;
}

export function isOrganizationStep(name: string): boolean {
  return /^organization-\d+$/.test(name);
}

/** What became of each organization, in the order of the list. @param states of the jobs that the rollout has begun. */
export function outcomesOf(
  organizationIds: readonly string[],
  states: ReadonlyMap<string, ChildState>,
): OrganizationOutcome[] {
  return organizationIds.map((organizationId, index) => outcomeOf(organizationId, states.get(stepOf(index))));
}

/** Whether an organization has what it was to have. */
export function hasSucceeded({ status }: OrganizationOutcome): boolean {
  return status === 'updated' || status === 'unchanged' || status === 'dry-run';
}

/** Whether somebody ended it before its turn came. */
export function wasCancelled({ error }: OrganizationOutcome): boolean {
  return error?.startsWith('JOB_CANCELLED:') ?? false;
}

/** An outcome as the result of the rollout has it. */
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
