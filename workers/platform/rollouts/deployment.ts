import { contrastWarnings } from '../../../src/content/configuration/deployment.ts';
import { mappedDeployment } from '../../../src/content/configuration/messenger-mapping.ts';
import { CodedError } from '../../../src/core/errors.ts';
import { describeIssue } from '../../../src/core/issues.ts';
import { awaitChildren, done, type JobResult } from '../../../src/core/outcome.ts';
import { traceOf } from '../../../src/core/trace.ts';
import type { DeploymentRollout, MessengerStep } from '../../../src/jobs/config-rollout.ts';
import type { Child } from '../../../src/queues/children.ts';
import type { Handler } from '../../../src/runtime/handler.ts';
import { runStage } from '../../rollout/run-stage.ts';
import { childFailure, finalError } from '../child-failure.ts';
import { requireSupported } from './require-supported.ts';

/** The name of the step. It is no step of an organization: a rollback leaves deployments alone. */
const STEP = 'deployment';

/**
 * Brings a deployment to its look and its texts. Most of them are those of its configuration, so one
 * step changes both. The step has the lane of all changes to messengers of the organization.
 */
export function rollOutMessengerDeployment(): Handler<DeploymentRollout> {
  return async function rollOut(job) {
    const { data, steps } = job;
    const { settings, unsupported } = mappedDeployment(data);
    requireSupported(unsupported, data);
    const step = stepOf(job.jobId, data, settings);
    if ((await runStage(job, 'deployment', [step])) === 'under-way') return awaitChildren();
    const state = (await steps.children()).get(STEP);
    if (state?.status !== 'done') throw finalError(childFailure(state));
    const warnings = contrastWarnings(data.widget.theme).map(describeIssue);
    return done({
      ...resultOf(state.result),
      warnings,
      concurrency: 'best-effort',
      ignored: [...unsupported],
    });
  };
}

function stepOf(rolloutId: string, data: DeploymentRollout, settings: MessengerStep['settings']): Child {
  const { tenantId, id, name, status, configurationId, configurationName, allowedDomains } = data;
  const { expiresAt, priority } = data;
  const payload: MessengerStep = {
    tenantId,
    type: 'messenger',
    rolloutId,
    organizationId: tenantId,
    settings,
    givesCopy: false,
    overwriteExisting: false,
    mayCreate: true,
    pins: [],
    deployment: {
      status,
      ...(id !== undefined && { id }),
      ...(name !== undefined && { name }),
      ...(allowedDomains !== undefined && { allowedDomains }),
    },
    onConflict: 'merge',
    dryRun: false,
    onUnknownOutcome: 'resend',
    ...(configurationId !== undefined && { configurationId }),
    ...(configurationName !== undefined && { configurationName }),
    ...(expiresAt !== undefined && { expiresAt }),
    ...(priority !== undefined && { priority }),
    ...traceOf(data.traceparent, data.tracestate),
  };
  return { name: STEP, payload };
}

function resultOf(step: JobResult): JobResult {
  const { deploymentId, deploymentStatus, configurationId, versionAfter, name, error } = step;
  if (step['status'] === 'unknown') throw new CodedError('OUTCOME_UNKNOWN', String(error));
  return {
    name: name ?? null,
    deploymentId: deploymentId ?? null,
    status: deploymentStatus ?? 'unchanged',
    configurationId: configurationId ?? null,
    versionAfter: versionAfter ?? null,
  };
}
