import { copyOf } from '../../../src/content/configuration/messenger.ts';
import { changesBetween } from '../../../src/content/json/tree.ts';
import type { JobResult } from '../../../src/core/outcome.ts';
import type { MessengerStep } from '../../../src/jobs/config-rollout.ts';
import type { PinnedDeployment, State } from './state.ts';
import { wantedBy } from './wanted.ts';

/** Whether others can see something that the step has done. */
export function isVisible(state: State): boolean {
  return (
    state.publications > 0 ||
    state.publication !== null ||
    state.creation !== null ||
    state.deploymentCreation !== null ||
    state.deploymentStatus !== 'unchanged' ||
    moved(state).some(({ id }) => state.pinned.includes(id))
  );
}

/**
 * The result of the step. It has what a rollback needs: the changes, and the versions that the
 * deployments were pinned to.
 */
export function reportOf(data: MessengerStep, state: State): JobResult {
  const { base, pins, pinned, version } = state;
  const wanted = base === null ? data.settings : wantedBy(data, base);
  return {
    organizationId: data.organizationId,
    status: data.dryRun ? 'dry-run' : isVisible(state) ? 'updated' : 'unchanged',
    configurationId: state.configurationId,
    isCreated: state.isCreated,
    // Null for a configuration with a draft alone.
    versionBefore: state.versionBefore || null,
    versionAfter: data.dryRun ? null : version,
    conflictsResolved: state.conflicts,
    conflictFields: [...state.conflictFields],
    foreignFields: [...state.foreignFields],
    discardedFields: [...state.discardedFields],
    latencyMs: state.latencyMs,
    changes: state.publications > 0 || data.dryRun ? changesBetween(base ?? {}, wanted) : [],
    deployments: (pins ?? []).map((deployment) => ({
      deploymentId: deployment.id,
      name: deployment.name,
      before: deployment.before,
      after: pinned.includes(deployment.id) ? placeOf(deployment, state) : deployment.before,
      isPinned: pinned.includes(deployment.id),
    })),
    ...(data.deployment && {
      deploymentId: state.deploymentId,
      deploymentStatus: state.deploymentStatus,
      name: data.deployment.name ?? nameOf(state),
    }),
    ...(data.givesCopy && copyOf(state.write === 'none' ? wanted : (state.draft?.fields ?? wanted))),
    error: null,
  };
}

/** The deployments that belong to another version than they had. */
function moved(state: State): readonly PinnedDeployment[] {
  return (state.pins ?? []).filter((deployment) => {
    const { id, version } = placeOf(deployment, state);
    return deployment.before.id !== id || deployment.before.version !== version;
  });
}

/** The version that a deployment belongs to: its own, or that of the job. */
function placeOf({ to }: PinnedDeployment, { configurationId, version }: State): PinnedDeployment['before'] {
  return to ?? { id: configurationId ?? '', version: String(version ?? '') };
}

function nameOf({ deployment }: State): string | null {
  return deployment === null || deployment === 'missing' ? null : deployment.name;
}
