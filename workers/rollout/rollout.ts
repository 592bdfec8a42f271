import { settingsOf, withSettings } from '../../src/content/configuration/webchat-configuration.ts';
import { awaitChildren, done } from '../../src/core/outcome.ts';
import { traceOf } from '../../src/core/trace.ts';
import type { OrganizationStep, WebchatConfigurationRollout } from '../../src/jobs/config-rollout.ts';
import type { Child } from '../../src/queues/children.ts';
import type { Handler } from '../../src/runtime/handler.ts';
import { outcomesOf, stepOf } from './outcomes.ts';
import { readBackJobs } from './read-back-jobs.ts';
import { planReplication, replicationJobs } from './replication-plan.ts';
import { runStage } from './run-stage.ts';
import { refuseIfAllFailed, summaryOf } from './summary.ts';

/**
 * Rolls one configuration out to many organizations (docs/guides.md#configurations). First comes
 * one job for each organization; a failed one does not stop the others. Then comes the replication
 * from the first organization, and last the job that reads the audit records back. The rollout
 * itself sends no request: it starts these jobs, waits for them, and sums up their results.
 */
export function rollOut(): Handler<WebchatConfigurationRollout> {
  return async function rollOutConfiguration(job) {
    const { data, jobId, steps } = job;
    const { organizationIds } = data;
    const organizations = await runStage(job, 'organizations', organizationJobs(jobId, data));
    if (organizations === 'under-way') return awaitChildren();
    const outcomes = outcomesOf(organizationIds, await steps.children());
    refuseIfAllFailed(outcomes);
    const plan = planReplication(data, outcomes, steps.isCancelled);
    const replication = await runStage(job, 'replication', replicationJobs(jobId, data, plan));
    if (replication === 'under-way') return awaitChildren();
    if ((await runStage(job, 'audit', readBackJobs(job, outcomes))) === 'under-way') return awaitChildren();
    const summary = summaryOf(outcomes, await steps.children(), plan);
    if (!data.dryRun) return done(summary);
    return done({ ...summary, dryRun: true, payload: withSettings({}, settingsOf(data.configuration)) });
  };
}

function organizationJobs(rolloutId: string, data: WebchatConfigurationRollout): Child[] {
  const { tenantId, configuration, onConflict, ifVersion, dryRun, expiresAt, priority } = data;
  const settings = settingsOf(configuration);
  return data.organizationIds.map((organizationId, index) => {
    const payload: OrganizationStep = {
      tenantId,
      type: 'organization',
      rolloutId,
      organizationId,
      settings,
      onConflict,
      dryRun,
      onUnknownOutcome: 'resend',
      ...(ifVersion !== undefined && { ifVersion }),
      ...(expiresAt !== undefined && { expiresAt }),
      ...(priority !== undefined && { priority }),
      ...traceOf(data.traceparent, data.tracestate),
    };
    return { name: stepOf(index), payload };
  });
}
