import type { OperationHandler } from '../../requests/arrival.ts';
import { versionOf } from '../configurations/configurations.ts';
import { check } from '../requests/check.ts';
import { generalError, notFound, PlatformError, resourceLimitExceeded } from '../requests/errors.ts';
import { handled, ok } from '../requests/handler.ts';
import type { PlatformWorld } from '../world.ts';
import { type DeploymentFields, deploymentSchema, writableFields } from './model.ts';
import { shownDeployment } from './shown.ts';

/** Creates a deployment that is pinned to one version of a configuration. */
export function createDeploymentCreate(world: PlatformWorld): OperationHandler {
  return handled(world, ({ tenant, client, body, nowMs }) => {
    const fields = fieldsOf(world, tenant, body, nowMs);
    if (fields instanceof PlatformError) return fields;
    const { maxDeployments } = world.settings.current.deployments;
    const live = world.deployments.all(tenant).filter(({ deletedAtMs }) => deletedAtMs === null);
    if (maxDeployments !== null && live.length >= maxDeployments) {
      return resourceLimitExceeded({
        key: 'deployments.max',
        namespace: 'web.deployments',
        value: maxDeployments,
      });
    }
    const deployment = world.deployments.create(tenant, fields, { clientId: client.clientId }, nowMs);
    return ok(shownDeployment(world, deployment, nowMs), 201);
  });
}

/** Replaces a whole deployment. An unknown id is 404: a PUT creates nothing. */
export function createDeploymentUpdate(world: PlatformWorld): OperationHandler {
  return handled(world, ({ tenant, client, params, body, nowMs }) => {
    const deployment = world.deployments.find(tenant, params['deploymentId'] ?? '', nowMs);
    if (deployment === undefined || deployment.deletedAtMs !== null) return notFound();
    const fields = fieldsOf(world, tenant, body, nowMs);
    if (fields instanceof PlatformError) return fields;
    world.deployments.write(deployment, fields, { clientId: client.clientId }, nowMs);
    return ok(shownDeployment(world, deployment, nowMs));
  });
}

export function createDeploymentDelete(world: PlatformWorld): OperationHandler {
  return handled(world, ({ tenant, client, params, nowMs }) => {
    const deployment = world.deployments.find(tenant, params['deploymentId'] ?? '', nowMs);
    if (deployment === undefined || deployment.deletedAtMs !== null) return notFound();
    world.deployments.remove(deployment, { clientId: client.clientId }, nowMs);
    return ok(undefined, 204);
  });
}

function fieldsOf(
  { settings, configurations }: PlatformWorld,
  tenant: string,
  body: unknown,
  nowMs: number,
): DeploymentFields | PlatformError {
  const checked = check(deploymentSchema, body);
  if (checked instanceof PlatformError) return checked;
  const fields = writableFields(checked);
  const { flows, supportedContents } = settings.current.deployments;
  if (fields.flow && flows !== null && !flows.includes(fields.flow.id)) {
    return new PlatformError(400, 'bad.flow.id', 'The flow is not eligible for use here.');
  }
  const { supportedContent } = fields;
  if (supportedContent && supportedContents !== null && !supportedContents.includes(supportedContent.id)) {
    return new PlatformError(404, 'scp.id.not.found', 'The Supported Content Profile ID is not found');
  }
  const configuration = configurations.find(tenant, fields.configuration.id, nowMs);
  const isKnown = configuration && versionOf(configuration, fields.configuration.version, nowMs);
  // Also while a fresh version cannot be seen yet: a client has to repeat the request.
  return isKnown ? fields : generalError(400, 'The configuration version does not exist.');
}
