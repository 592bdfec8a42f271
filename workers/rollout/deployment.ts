import { z } from 'zod';
import { contrastWarnings, deploymentBody } from '../../src/content/configuration/deployment.ts';
import { equalTrees, mergeTrees } from '../../src/content/json/tree.ts';
import { fullJitter } from '../../src/core/backoff.ts';
import { CodedError } from '../../src/core/errors.ts';
import { describeIssue } from '../../src/core/issues.ts';
import { done, type Outcome, snooze } from '../../src/core/outcome.ts';
import { guest } from '../../src/genesys/dialects/guest/guest.ts';
import type { Deployment } from '../../src/genesys/dialects/guest/shapes.ts';
import type { DeploymentRollout } from '../../src/jobs/config-rollout.ts';
import type { Handler, JobContext } from '../../src/runtime/handler.ts';
import { requestContext } from '../request-context.ts';
import type { ConflictPolicy } from './conflict-policy.ts';

/**
 * What the job saves before it changes something. The next run reads the deployment to see whether
 * the change arrived.
 */
const savedState = z.object({
  intent: z.enum(['created', 'updated']).optional(),
  /** 409s so far. */
  conflicts: z.number().optional(),
});

type Progress = z.output<typeof savedState>;

type DeploymentJob = JobContext<DeploymentRollout>;

const PAGE_SIZE = 25;
/**
 * More deployments than any organization has. Without this limit the job would follow an endless
 * answer for ever.
 */
const MAX_PAGES = 500;

/**
 * Brings a deployment to its colors, launcher and widget (docs/guides.md#deployments). The job
 * finds it by its id or its name, creates a missing one, and sends nothing when nothing differs.
 * After a 409 the job waits, reads the deployment, and tries again.
 */
export function rollOutDeployment(options: ConflictPolicy): Handler<DeploymentRollout> {
  const { genesys, maxConflicts, conflictBackoff, onConflict } = options;

  return async function rollOut(job) {
    const progress = job.steps.saved(savedState) ?? {};
    try {
      return await bringAbout(job, progress);
    } catch (error) {
      if (!(error instanceof CodedError && error.code === 'CONFLICT')) throw error;
      return await tryAgain(job, progress, error);
    }
  };

  /** A 409 wrote nothing, so the intent of this attempt is forgotten. */
  async function tryAgain(job: DeploymentJob, before: Progress, conflict: CodedError): Promise<Outcome> {
    const conflicts = (before.conflicts ?? 0) + 1;
    if (conflicts > maxConflicts) {
      await job.steps.save({ ...before, conflicts: 0 });
      throw conflict;
    }
    await job.steps.save({ ...before, conflicts, begun: true });
    onConflict(job.tenant.id);
    return snooze(fullJitter(conflictBackoff, conflicts), 'conflict');
  }

  async function bringAbout(job: DeploymentJob, progress: Progress): Promise<Outcome> {
    const { data, tenant } = job;
    const { intent } = progress;
    const found = await find(job);
    const name = data.name ?? found?.name ?? '';
    const wanted = deploymentBody({ ...data, name });
    const shared = { name, warnings: contrastWarnings(data.widget.theme).map(describeIssue) };

    if (!found) {
      await job.steps.save({ ...progress, intent: 'created', begun: true });
      const { id } = await genesys.call(tenant, guest.createDeployment, wanted, requestContext(job));
      return done({ ...shared, deploymentId: id, status: 'created' });
    }
    const { id } = found;
    const properties = mergeTrees(found.properties, wanted.properties);
    if (found.name === name && equalTrees(properties, found.properties)) {
      return done({ ...shared, deploymentId: id, status: intent ?? 'unchanged' });
    }
    await job.steps.save({ ...progress, intent: intent ?? 'updated', begun: true });
    await genesys.call(tenant, guest.updateDeployment, { id, name, properties }, requestContext(job));
    return done({ ...shared, deploymentId: id, status: intent ?? 'updated' });
  }

  async function find(job: DeploymentJob): Promise<Deployment | undefined> {
    const { data, tenant } = job;
    if (data.id !== undefined) {
      return await genesys.call(tenant, guest.readDeployment, { id: data.id }, requestContext(job));
    }
    const named = (await all(job)).filter(({ name }) => name === data.name);
    if (named.length > 1) throw ambiguous(named);
    return named[0];
  }

  async function all(job: DeploymentJob): Promise<Deployment[]> {
    const all: Deployment[] = [];
    for (let pageNumber = 1; pageNumber <= MAX_PAGES; pageNumber++) {
      const request = { pageNumber, pageSize: PAGE_SIZE };
      const { deployments, pageCount } = await genesys.call(
        job.tenant,
        guest.listDeployments,
        request,
        requestContext(job),
      );
      all.push(...deployments);
      if (pageCount === null ? deployments.length < PAGE_SIZE : pageNumber >= pageCount) return all;
    }
    throw new CodedError('GENESYS_REFUSED', `deployment.list: more than ${MAX_PAGES} pages`, { status: 200 });
  }
}

function ambiguous(named: readonly Deployment[]): CodedError {
  const ids = named.map(({ id }) => id).join(' and ');
  const message = `deployment.list: ${named.length} deployments have this name: ${ids}; say which one by its id`;
  return new CodedError('DEPLOYMENT_AMBIGUOUS', message, { status: 200 });
}
