import { newMessenger } from '../../../src/content/configuration/messenger.ts';
import { CodedError } from '../../../src/core/errors.ts';
import {
  createConfiguration,
  listConfigurations,
} from '../../../src/genesys/dialects/platform/configurations.ts';
import {
  listDeployments,
  type MessengerDeployment,
  readDeployment,
} from '../../../src/genesys/dialects/platform/deployments.ts';
import { requestContext } from '../../request-context.ts';
import { isRefusal, listAll } from './platform-calls.ts';
import { type Act, type MessengerJob, on, type PinnedDeployment, type State, wait } from './state.ts';
import type { StepOptions } from './step-options.ts';

/** The configuration of a rollout that names none. */
const DEFAULT_NAME = 'Web chat';

/**
 * Finds the deployments of a step before anything is written, so that a wrong name changes nothing.
 * @throws {CodedError} NOT_FOUND, DEPLOYMENT_AMBIGUOUS
 */
export function findDeployments({ genesys }: StepOptions): Act {
  return async function find(job, state) {
    const { deployment, pins } = job.data;
    const needsNames = pins.length > 0 || deployment?.id === undefined;
    const isAsked = pins.length > 0 || deployment !== undefined;
    const all = isAsked && needsNames ? await listAll(genesys, job, listDeployments, {}) : [];
    const pinned = pins.map(({ deployment: name, to, whileAt }) => {
      const found = all.find(({ id }) => id === name) ?? oneNamed(all, name);
      if (!found) throw notFound(`no deployment has the id or the name ${JSON.stringify(name)}`);
      return { ...asPinned(found), to: to ?? null, whileAt: whileAt ?? null };
    });
    return on({ ...state, pins: pinned, deployment: deployment ? await own(job, all) : 'missing' });
  };

  async function own(job: MessengerJob, all: readonly MessengerDeployment[]): Promise<State['deployment']> {
    const { id, name } = job.data.deployment ?? {};
    if (id !== undefined) {
      return asPinned(await genesys.call(job.tenant, readDeployment, { id }, requestContext(job)));
    }
    const found = oneNamed(all, name ?? '');
    return found ? asPinned(found) : 'missing';
  }
}

/**
 * Finds the configuration by its id, by that of the deployment, or by its name, and creates a missing
 * one. No operation creates it once only. So after a request without an answer the step looks for it
 * until the time for it is over, and only then asks again.
 */
export function findConfiguration({ genesys, clock, settleMs }: StepOptions): Act {
  return async function find(job, state) {
    const { data, tenant } = job;
    const known = idOf(job, state);
    if (known !== undefined) return on({ ...state, configurationId: known });
    const name = nameOf(job);
    const all = await listAll(genesys, job, listConfigurations, {});
    const named = all.filter((each) => each.name === name);
    if (named.length > 1) throw ambiguous(named.map(({ id }) => id));
    const [found] = named;
    if (found) return on({ ...state, configurationId: found.id, isCreated: state.creation !== null });
    if (!data.mayCreate) {
      throw notFound('there is no such configuration, and no source to copy it from');
    }
    const { creation } = state;
    if (creation && clock.now() < creation.sentAtMs + settleMs) return wait(state, 'configuration-created');
    if (data.dryRun) return on({ ...state, isCreated: true });
    const intent = { ...state, creation: { sentAtMs: clock.now() } };
    await job.steps.save({ ...intent, begun: true });
    const fields = data.copy ? { ...data.copy, name } : newMessenger(name, data.settings);
    const { id } = await genesys
      .call(tenant, createConfiguration, { fields }, requestContext(job))
      .catch(async (error: unknown) => {
        if (isRefusal(error)) await job.steps.save({ ...state, begun: true });
        throw error;
      });
    if (id === null) return wait(intent, 'configuration-created');
    return on({ ...intent, configurationId: id, isCreated: true });
  };
}

/** The id that is known without a search. */
function idOf({ data }: MessengerJob, { deployment }: State): string | undefined {
  if (data.configurationId !== undefined) return data.configurationId;
  if (data.configurationName !== undefined || deployment === null || deployment === 'missing')
    return undefined;
  return deployment.before.id;
}

function nameOf({ data }: MessengerJob): string {
  return data.configurationName ?? data.deployment?.name ?? DEFAULT_NAME;
}

function asPinned({ id, name, configuration }: MessengerDeployment): PinnedDeployment {
  return { id, name, before: configuration, to: null, whileAt: null };
}

function oneNamed(all: readonly MessengerDeployment[], name: string): MessengerDeployment | undefined {
  const named = all.filter((each) => each.name === name);
  if (named.length < 2) return named[0];
  const ids = named.map(({ id }) => id).join(' and ');
  const message = `deployment.list: ${named.length} deployments have this name: ${ids}; say which one by its id`;
  throw new CodedError('DEPLOYMENT_AMBIGUOUS', message, { status: 200 });
}

function ambiguous(ids: readonly string[]): CodedError {
  const message = `configuration.list: ${ids.length} configurations have this name: ${ids.join(' and ')}`;
  return new CodedError('CONFIGURATION_AMBIGUOUS', message, { status: 200 });
}

function notFound(what: string): CodedError {
  return new CodedError('NOT_FOUND', what, { status: 404 });
}
