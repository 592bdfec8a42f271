import type { Tree } from '../../../src/content/json/tree.ts';
import type { GenesysClient } from '../../../src/genesys/client.ts';
import {
  createDeployment,
  listDeployments,
  type MessengerDeployment,
  readDeployment,
  updateDeployment,
} from '../../../src/genesys/dialects/platform/deployments.ts';
import { requestContext } from '../../request-context.ts';
import { refuseFailed } from './draft.ts';
import { answered, isRefusal, listAll } from './platform-calls.ts';
import {
  type Act,
  type MessengerJob,
  type Next,
  on,
  type PinnedDeployment,
  type State,
  wait,
} from './state.ts';
import type { StepOptions } from './step-options.ts';

/**
 * Pins the next deployment to its version. The step reads each one first: a write may have arrived
 * without an answer, and a PUT replaces the whole deployment.
 */
export function pin({ genesys }: StepOptions): Act {
  return async function pinNext(job, state) {
    const next = nextPin(state);
    if (!next) throw new TypeError('every deployment is pinned');
    const found = await genesys.call(job.tenant, readDeployment, { id: next.id }, requestContext(job));
    const configuration = next.to ?? referenceOf(state);
    const after = { ...state, pinned: [...state.pinned, next.id] };
    if (next.whileAt !== null && found.configuration.id !== next.whileAt && !isPinned(found, configuration)) {
      return on({ ...state, left: [...state.left, next.id] });
    }
    if (isPinned(found, configuration)) return on(after);
    if (found.status === 'Pending') return wait(state, 'deployment-active');
    const request = { id: next.id, fields: { ...found.fields, configuration } };
    return await put(genesys, job, { before: state, after }, request);
  };
}

/** The first deployment that is not pinned yet. */
export function nextPin({ pins, pinned, left }: State): PinnedDeployment | undefined {
  return pins?.find(({ id }) => !pinned.includes(id) && !left.includes(id));
}

/**
 * Creates the deployment of the job, or changes it, with the version of its configuration. No
 * operation creates it once only. So after a request without an answer the step looks for it until the
 * time for it is over.
 */
export function bringDeployment({ genesys, clock, settleMs }: StepOptions): Act {
  return async function bring(job, state) {
    const { deployment } = state;
    if (deployment !== null && deployment !== 'missing') return await change(job, state, deployment.id);
    const { deploymentCreation: creation } = state;
    if (creation) {
      const { name } = job.data.deployment ?? {};
      const all = await listAll(genesys, job, listDeployments, {});
      const found = all.find((each) => each.name === name);
      if (found) return on({ ...state, deploymentId: found.id, deploymentStatus: 'created' });
      if (clock.now() < creation.sentAtMs + settleMs) return wait(state, 'deployment-created');
    }
    return await create(job, state);
  };

  async function create(job: MessengerJob, state: State): Promise<Next> {
    const intent = { ...state, deploymentCreation: { sentAtMs: clock.now() } };
    await job.steps.save({ ...intent, begun: true });
    const before = { ...state, deploymentCreation: null };
    try {
      const fields = newDeployment(job.data.deployment, state);
      const { id } = await genesys.call(job.tenant, createDeployment, { fields }, requestContext(job));
      if (id === null) return wait(intent, 'deployment-created');
      return on({ ...intent, deploymentId: id, deploymentStatus: 'created' });
    } catch (error) {
      if (isRefusal(error)) await job.steps.save({ ...before, begun: true });
      // The version may not be visible yet.
      const notReady = answered(error, 400, 404);
      if (notReady) return wait(before, 'deployment-creatable', notReady);
      throw error;
    }
  }

  async function change(job: MessengerJob, state: State, id: string): Promise<Next> {
    const { tenant, data } = job;
    const found = await genesys.call(tenant, readDeployment, { id }, requestContext(job));
    // A deployment that is being changed shows no other status, whatever it will be.
    if (found.status === 'Pending') return wait(state, 'deployment-active');
    const configuration = referenceOf(state);
    const [name, status] = [data.deployment?.name ?? found.name, statusOf(data.deployment)];
    const known = { ...state, deploymentId: id };
    // An earlier run may have written it: then the state says so.
    if (found.name === name && found.status === status && isPinned(found, configuration)) return on(known);
    const before = { ...known, deploymentStatus: 'updated' } as const;
    await job.steps.save({ ...before, deploymentId: null, begun: true });
    const request = { id, fields: { ...found.fields, name, status, configuration } };
    return await put(genesys, job, { before: { ...before, deploymentId: null }, after: before }, request);
  }
}

/** Waits until the deployment is active, or inactive as the job wants. */
export function awaitDeployment({ genesys }: StepOptions): Act {
  return async function look(job, state) {
    const id = state.deploymentId ?? '';
    try {
      const found = await genesys.call(job.tenant, readDeployment, { id }, requestContext(job));
      refuseFailed(found, 'deployment.update');
      if (found.status === 'Pending') return wait(state, 'deployment-active');
    } catch (error) {
      const missing = answered(error, 404);
      if (missing) return wait(state, 'deployment-created', missing);
      throw error;
    }
    return on({ ...state, isDeploymentSettled: true });
  };
}

interface Around {
  /** The state while the write is not done, and after it. */
  readonly before: State;
  readonly after: State;
}

async function put(
  genesys: GenesysClient,
  job: MessengerJob,
  { before, after }: Around,
  request: { readonly id: string; readonly fields: Tree },
): Promise<Next> {
  try {
    await genesys.call(job.tenant, updateDeployment, request, requestContext(job));
    return on(after);
  } catch (error) {
    // Right after a publication its version may not be known yet.
    const notReady = answered(error, 400, 404);
    if (notReady) return wait(before, 'deployment-pinnable', notReady);
    throw error;
  }
}

/** The version that belongs to the job. */
function referenceOf({ configurationId, version }: Pick<State, 'configurationId' | 'version'>): {
  id: string;
  version: string;
} {
  return { id: configurationId ?? '', version: String(version ?? '') };
}

function isPinned({ configuration }: MessengerDeployment, { id, version }: { id: string; version: string }) {
  return configuration.id === id && configuration.version === version;
}

/** The deployment of a job, as it is created with a version of its configuration. */
export function newDeployment(
  deployment: MessengerJob['data']['deployment'],
  version: Pick<State, 'configurationId' | 'version'>,
): Tree {
  const { name = '', allowedDomains } = deployment ?? {};
  const domains = allowedDomains ? { allowAllDomains: false, allowedDomains } : { allowAllDomains: true };
  return { name, configuration: referenceOf(version), status: statusOf(deployment), ...domains };
}

function statusOf(deployment: MessengerJob['data']['deployment']): 'Active' | 'Inactive' {
  return deployment?.status === 'inactive' ? 'Inactive' : 'Active';
}
