import { contrastWarnings, deploymentBody } from '../../src/content/deployment.ts';
import { equalTrees, mergeTrees } from '../../src/content/tree.ts';
import { fullJitter } from '../../src/core/backoff.ts';
import { CodedError } from '../../src/core/errors.ts';
import { describeFault } from '../../src/core/faults.ts';
import { done, type Outcome, snooze } from '../../src/core/outcome.ts';
import type { Deployment } from '../../src/genesys/dialects/dialect.ts';
import type { DeploymentRollout } from '../../src/jobs/config-rollout.ts';
import type { Handler, Run } from '../../src/runtime/handler.ts';
import { type ConflictPolicy, contextOf } from './context.ts';

/** What a deployment's job writes down before it changes something: whether it did is seen from what is there. */
interface Progress {
  readonly intent?: 'created' | 'updated';
  /** 409s so far. */
  readonly conflicts?: number;
}

type DeploymentRun = Run<DeploymentRollout>;

const PAGE_SIZE = 25;
/** More deployments than any organization has; an answer that never ends must not be followed for ever. */
const MAX_PAGES = 500;

/**
 * Brings a deployment to its colors, launcher and widget (docs/guides.md#deployments): finds it by
 * its id, or by its name; creates it when there is none, and sends nothing when it is as it should
 * be. After a 409 the job waits, reads what is there, and tries again.
 */
export function rollOutDeployment(options: ConflictPolicy): Handler<DeploymentRollout> {
  const { genesys, maxConflicts, conflictBackoff, onConflict } = options;

  return async function rollOut(run) {
    const progress = (run.saved ?? {}) as Progress;
    try {
      return await bringAbout(run, progress);
    } catch (error) {
      if (!(error instanceof CodedError && error.code === 'CONFLICT')) throw error;
      return await tryAgain(run, progress, error);
    }
  };

  /** A 409 wrote nothing, so the intent of this attempt is forgotten. */
  async function tryAgain(run: DeploymentRun, before: Progress, conflict: CodedError): Promise<Outcome> {
    const conflicts = (before.conflicts ?? 0) + 1;
    if (conflicts > maxConflicts) {
      await run.save({ ...before, conflicts: 0 });
      throw conflict;
    }
    await run.save({ ...before, conflicts, begun: true });
    onConflict(run.tenant.id);
    return snooze(fullJitter(conflictBackoff, conflicts), 'conflict');
  }

  async function bringAbout(run: DeploymentRun, progress: Progress): Promise<Outcome> {
    const { data, tenant } = run;
    const { createDeployment, updateDeployment } = genesys.dialectOf(tenant);
    const { intent } = progress;
    const found = await find(run);
    const name = data.name ?? found?.name ?? '';
    const wanted = deploymentBody({ ...data, name });
    const told = { name, warnings: contrastWarnings(data.widget.theme).map(describeFault) };

    if (!found) {
      await run.save({ ...progress, intent: 'created', begun: true });
      const { id } = await genesys.call(tenant, createDeployment, wanted, contextOf(run));
      return done({ ...told, deploymentId: id, status: 'created' });
    }
    const { id } = found;
    const properties = mergeTrees(found.properties, wanted.properties);
    if (found.name === name && equalTrees(properties, found.properties)) {
      return done({ ...told, deploymentId: id, status: intent ?? 'unchanged' });
    }
    await run.save({ ...progress, intent: intent ?? 'updated', begun: true });
    await genesys.call(tenant, updateDeployment, { id, name, properties }, contextOf(run));
    return done({ ...told, deploymentId: id, status: intent ?? 'updated' });
  }

  async function find(run: DeploymentRun): Promise<Deployment | undefined> {
    const { data, tenant } = run;
    const { readDeployment } = genesys.dialectOf(tenant);
    if (data.id !== undefined) {
      return await genesys.call(tenant, readDeployment, { id: data.id }, contextOf(run));
    }
    const named = (await all(run)).filter(({ name }) => name === data.name);
    if (named.length > 1) throw ambiguous(named);
    return named[0];
  }

  async function all(run: DeploymentRun): Promise<Deployment[]> {
    const { listDeployments } = genesys.dialectOf(run.tenant);
    const all: Deployment[] = [];
    for (let pageNumber = 1; pageNumber <= MAX_PAGES; pageNumber++) {
      const request = { pageNumber, pageSize: PAGE_SIZE };
      const { deployments, pageCount } = await genesys.call(
        run.tenant,
        listDeployments,
        request,
        contextOf(run),
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
