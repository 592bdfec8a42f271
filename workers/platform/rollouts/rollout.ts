import { mappedConfiguration } from '../../../src/content/configuration/messenger-mapping.ts';
import type { Tree } from '../../../src/content/json/tree.ts';
import { awaitChildren, done, type JobResult } from '../../../src/core/outcome.ts';
import { traceOf } from '../../../src/core/trace.ts';
import type { MessengerStep, WebchatConfigurationRollout } from '../../../src/jobs/config-rollout.ts';
import type { Child, ChildState } from '../../../src/queues/children.ts';
import type { Handler } from '../../../src/runtime/handler.ts';
import type { OrganizationsOptions } from '../../../src/tenants/organizations.ts';
import { hasSucceeded, type OrganizationOutcome, outcomesOf, stepOf } from '../../rollout/outcomes.ts';
import { runStage } from '../../rollout/run-stage.ts';
import { refuseIfAllFailed, summaryOf } from '../../rollout/summary.ts';
import { requireOrganizations } from '../require-organizations.ts';
import { platformAuditOf, platformReadBackJobs } from './read-back-jobs.ts';
import { requireSupported } from './require-supported.ts';

/**
 * Rolls one configuration out to organizations, each of which is a tenant. No operation replicates. So
 * the first organization comes first, and the others get a copy of what it has then: where they have no
 * configuration, or where theirs may be replaced. Otherwise the fields of the job are merged into theirs.
 * Last come the jobs that read the audit records back.
 */
export function rollOutMessengers(options: OrganizationsOptions): Handler<WebchatConfigurationRollout> {
  return async function rollOut(job) {
    const { data, steps } = job;
    const { settings, unsupported } = mappedConfiguration(data.configuration);
    if ((await steps.children()).size === 0) {
      requireOrganizations(data, options);
      requireSupported(unsupported, data);
    }
    const isReplicated = data.replicate && !data.dryRun && data.organizationIds.length > 1;
    const all = stepsOf(job.jobId, data, settings, isReplicated);
    const first = isReplicated ? all.slice(0, 1) : all;
    if ((await runStage(job, 'organizations', first)) === 'under-way') return awaitChildren();
    const source = (await steps.children()).get(stepOf(0));
    // After a cancellation no more steps begin. Their organizations count as not reached.
    const others = isReplicated && !steps.isCancelled ? withCopy(all.slice(1), source) : [];
    if ((await runStage(job, 'targets', others)) === 'under-way') return awaitChildren();
    const states = await steps.children();
    const outcomes = outcomesOf(data.organizationIds, withoutCopies(states));
    refuseIfAllFailed(outcomes);
    if ((await runStage(job, 'audit', platformReadBackJobs(job, outcomes))) === 'under-way') {
      return awaitChildren();
    }
    return done({
      ...summaryOf(outcomes, states, { skipped: 'not-wanted' }),
      audit: platformAuditOf(outcomes, states),
      replication: isReplicated ? replicationOf(data, outcomes, source) : { status: 'not-wanted' },
      concurrency: 'best-effort',
      ignored: [...unsupported],
      ...(data.dryRun && { dryRun: true, payload: settings }),
    });
  };
}

type MessengerChild = Child & { readonly payload: MessengerStep };

function stepsOf(
  rolloutId: string,
  data: WebchatConfigurationRollout,
  settings: Tree,
  isReplicated: boolean,
): MessengerChild[] {
  const { configurationId, configurationName, deployments = [] } = data;
  const { onConflict, ifVersion, dryRun, expiresAt, priority } = data;
  return data.organizationIds.map((tenantId, index) => {
    const payload: MessengerStep = {
      tenantId,
      type: 'messenger',
      rolloutId,
      organizationId: tenantId,
      settings,
      givesCopy: isReplicated && index === 0,
      overwriteExisting: isReplicated && index > 0 && data.overwriteExisting,
      // Without its source a target is not created: it would lack what the source has.
      mayCreate: !isReplicated || index === 0,
      pins: deployments.map((deployment) => ({ deployment })),
      onConflict,
      dryRun,
      onUnknownOutcome: 'resend',
      ...(configurationId !== undefined && { configurationId }),
      ...(configurationName !== undefined && { configurationName }),
      ...(ifVersion !== undefined && { ifVersion }),
      ...(expiresAt !== undefined && { expiresAt }),
      ...(priority !== undefined && { priority }),
      ...traceOf(data.traceparent, data.tracestate),
    };
    return { name: stepOf(index), tenantId, payload };
  });
}

/** The steps of the targets, with what the source has now. */
function withCopy(targets: readonly MessengerChild[], source: ChildState | undefined): MessengerChild[] {
  const copy = source?.status === 'done' ? (source.result['copy'] as Tree | undefined) : undefined;
  if (copy === undefined) return [...targets];
  return targets.map((child) => ({ ...child, payload: { ...child.payload, copy, mayCreate: true } }));
}

/** A copy is large, and each target has it already. */
function withoutCopies(states: ReadonlyMap<string, ChildState>): ReadonlyMap<string, ChildState> {
  return new Map<string, ChildState>(
    [...states].map(([name, state]): [string, ChildState] => {
      if (state.status !== 'done') return [name, state];
      const { copy: _ofTheSource, ...result } = state.result;
      return [name, { ...state, result }];
    }),
  );
}

function replicationOf(
  { overwriteExisting }: WebchatConfigurationRollout,
  [source, ...targets]: readonly OrganizationOutcome[],
  state: ChildState | undefined,
): JobResult {
  const stripped = state?.status === 'done' ? (state.result['stripped'] ?? []) : [];
  if (!source || !hasSucceeded(source)) return { status: 'source-failed', overwriteExisting };
  const failed = targets.filter((target) => !hasSucceeded(target)).length;
  return { status: failed === 0 ? 'completed' : 'partial', failedCount: failed, overwriteExisting, stripped };
}
