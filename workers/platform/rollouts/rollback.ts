import { z } from 'zod';
import { type Change, reverseChanges } from '../../../src/content/json/tree.ts';
import { CodedError } from '../../../src/core/errors.ts';
import { awaitChildren, done } from '../../../src/core/outcome.ts';
import { traceOf } from '../../../src/core/trace.ts';
import type { MessengerStep, Rollback } from '../../../src/jobs/config-rollout.ts';
import type { Child, Children } from '../../../src/queues/children.ts';
import type { Handler, JobContext } from '../../../src/runtime/handler.ts';
import { byPlace, isOrganizationStep, outcomesOf, stepOf } from '../../rollout/outcomes.ts';
import { runStage } from '../../rollout/run-stage.ts';
import { refuseIfAllFailed, summaryOf } from '../../rollout/summary.ts';
import { platformAuditOf, platformReadBackJobs } from './read-back-jobs.ts';

const reference = z.object({ id: z.string(), version: z.string() });

/** What a rollout changed in one organization, of the result of its step. */
const changedShape = z.object({
  organizationId: z.string(),
  status: z.enum(['updated', 'unknown']),
  configurationId: z.string(),
  isCreated: z.boolean(),
  versionBefore: z.number().nullable(),
  versionAfter: z.number().nullable(),
  changes: z.custom<readonly Change[]>((changes) => Array.isArray(changes)),
  deployments: z.array(z.object({ deploymentId: z.string(), before: reference, isPinned: z.boolean() })),
});

type Changed = z.output<typeof changedShape>;

/** A rollback saves this first: Redis may forget the rollout before the rollback ends. */
const savedState = z.object({ changed: z.array(changedShape).optional() });

type RollbackJob = JobContext<Rollback>;

/**
 * Reverses a rollout: in each organization a new version has the fields that were there before, and the
 * deployments go back to where they were pinned. No operation removes a version, and a configuration
 * that the rollout created stays.
 */
export function rollBackMessengers(children: Children): Handler<Rollback> {
  return async function rollBack(job) {
    const { steps } = job;
    const changed = steps.saved(savedState)?.changed ?? (await changedBy(job));
    if ((await runStage(job, 'organizations', stepsOf(job, changed), { changed })) === 'under-way') {
      return awaitChildren();
    }
    const states = await steps.children();
    const outcomes = outcomesOf(
      changed.map(({ organizationId }) => organizationId),
      states,
    );
    refuseIfAllFailed(outcomes);
    if ((await runStage(job, 'audit', platformReadBackJobs(job, outcomes))) === 'under-way') {
      return awaitChildren();
    }
    return done({
      ...summaryOf(outcomes, states, { skipped: 'not-wanted' }),
      audit: platformAuditOf(outcomes, states),
      concurrency: 'best-effort',
    });
  };

  async function changedBy({ data: { tenantId, rollback } }: RollbackJob): Promise<Changed[]> {
    const states = await children.of({ kind: 'config-rollout', tenantId, jobId: rollback });
    if ([...states.values()].some(({ status }) => status === 'pending')) {
      throw impossible(`${rollback} is still under way`);
    }
    const changed = [...states].sort(byPlace).flatMap(([name, state]) => {
      if (!isOrganizationStep(name) || state.status !== 'done') return [];
      return changedShape.safeParse(state.result).data ?? [];
    });
    if (changed.length > 0) return changed;
    throw impossible(`${rollback} is no rollout that changed an organization`);
  }
}

function stepsOf({ jobId, data }: RollbackJob, changed: readonly Changed[]): Child[] {
  const { onConflict, dryRun, expiresAt, priority } = data;
  return changed.map((organization, index) => {
    const { organizationId, configurationId, isCreated, versionAfter, changes } = organization;
    const payload: MessengerStep = {
      tenantId: organizationId,
      type: 'messenger',
      rolloutId: jobId,
      organizationId,
      configurationId,
      settings: {},
      ...(!isCreated && { restore: [...reverseChanges(changes)] }),
      ...(!isCreated && versionAfter !== null && { ifVersion: versionAfter }),
      givesCopy: false,
      overwriteExisting: false,
      mayCreate: false,
      pins: pinsOf(organization),
      onConflict,
      dryRun,
      onUnknownOutcome: 'resend',
      ...(expiresAt !== undefined && { expiresAt }),
      ...(priority !== undefined && { priority }),
      ...traceOf(data.traceparent, data.tracestate),
    };
    return { name: stepOf(index), tenantId: organizationId, payload };
  });
}

/**
 * A deployment that had the version before goes to the new version, which has the same fields. Any
 * other one goes back to exactly what it had. One that has another configuration by now stays.
 */
function pinsOf({ configurationId, isCreated, versionBefore, deployments }: Changed): MessengerStep['pins'] {
  return deployments
    .filter(({ isPinned }) => isPinned)
    .map(({ deploymentId, before }) => {
      const hadNewest = before.id === configurationId && before.version === String(versionBefore);
      const to = hadNewest && !isCreated ? {} : { to: before };
      return { deployment: deploymentId, ...to, whileAt: configurationId };
    });
}

function impossible(message: string): CodedError {
  return new CodedError('ROLLBACK_IMPOSSIBLE', message);
}
