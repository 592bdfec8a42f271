import { z } from 'zod';
import { type Change, reverseChanges } from '../../src/content/json/tree.ts';
import { CodedError } from '../../src/core/errors.ts';
import { awaitChildren, done } from '../../src/core/outcome.ts';
import { traceOf } from '../../src/core/trace.ts';
import type { OrganizationStep, Rollback } from '../../src/jobs/config-rollout.ts';
import type { Child, Children } from '../../src/queues/children.ts';
import type { Handler, JobContext } from '../../src/runtime/handler.ts';
import { byPlace, isOrganizationStep, type OrganizationOutcome, outcomesOf, stepOf } from './outcomes.ts';
import { readBackJobs } from './read-back-jobs.ts';
import { REPLICATION } from './replication-plan.ts';
import { runStage } from './run-stage.ts';
import { refuseIfAllFailed, summaryOf } from './summary.ts';

/** An organization that a rollout changed, and what it changed there. */
interface Changed {
  readonly organizationId: string;
  readonly version: number;
  readonly changes: readonly Change[];
}

/** A rollback saves this first: Redis may forget the rollout before the rollback ends. */
const savedState = z.object({
  changed: z
    .array(
      z.object({
        organizationId: z.string(),
        version: z.number(),
        changes: z.custom<readonly Change[]>((changes) => Array.isArray(changes)),
      }),
    )
    .optional(),
});

type RollbackJob = JobContext<Rollback>;

/**
 * Reverses a rollout: in each organization the fields that it set get the values that they had
 * before. All other fields stay as they are now. With `onConflict: "abort"` an organization that
 * has changed since is left alone.
 */
export function rollBack(children: Children): Handler<Rollback> {
  return async function rollBackConfiguration(job) {
    const { steps } = job;
    const changed = steps.saved(savedState)?.changed ?? (await changedBy(job));
    const jobs = organizationJobs(job, changed);
    if ((await runStage(job, 'organizations', jobs, { changed })) === 'under-way') return awaitChildren();
    const organizationIds = changed.map(({ organizationId }) => organizationId);
    const outcomes = outcomesOf(organizationIds, await steps.children());
    refuseIfAllFailed(outcomes);
    if ((await runStage(job, 'audit', readBackJobs(job, outcomes))) === 'under-way') return awaitChildren();
    return done(summaryOf(outcomes, await steps.children(), { skipped: 'not-wanted' }));
  };

  async function changedBy({ data: { tenantId, rollback } }: RollbackJob): Promise<Changed[]> {
    const states = await children.of({ kind: 'config-rollout', tenantId, jobId: rollback });
    if ([...states.values()].some(({ status }) => status === 'pending')) {
      throw impossible(`${rollback} is still under way`);
    }
    const replication = states.get(REPLICATION);
    if (replication?.status === 'done' && replication.result['overwriteExisting'] === true) {
      throw impossible(`the replication of ${rollback} has overwritten what its targets had`);
    }
    const changed = [...states].sort(byPlace).flatMap(([name, state]) => {
      if (!isOrganizationStep(name) || state.status !== 'done') return [];
      const outcome = state.result as unknown as OrganizationOutcome;
      const { organizationId, status, versionBefore, versionAfter, changes } = outcome;
      if (status !== 'updated' && status !== 'unknown') return [];
      return [{ organizationId, version: versionAfter ?? (versionBefore ?? 0) + 1, changes }];
    });
    if (changed.length > 0) return changed;
    throw impossible(`${rollback} is no rollout that changed an organization`);
  }
}

function impossible(message: string): CodedError {
  return new CodedError('ROLLBACK_IMPOSSIBLE', message);
}

function organizationJobs({ jobId, data }: RollbackJob, changed: readonly Changed[]): Child[] {
  const { tenantId, onConflict, dryRun, expiresAt, priority } = data;
  return changed.map(({ organizationId, version, changes }, index) => {
    const payload: OrganizationStep = {
      tenantId,
      type: 'organization',
      rolloutId: jobId,
      organizationId,
      restore: [...reverseChanges(changes)],
      ifVersion: version,
      onConflict,
      dryRun,
      onUnknownOutcome: 'resend',
      ...(expiresAt !== undefined && { expiresAt }),
      ...(priority !== undefined && { priority }),
      ...traceOf(data.traceparent, data.tracestate),
    };
    return { name: stepOf(index), payload };
  });
}
