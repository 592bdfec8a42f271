import type { OperationHandler } from '../../requests/arrival.ts';
import { versionOf } from '../configurations/configurations.ts';
import { shownVersion } from '../configurations/shown.ts';
import { cursorPage } from '../requests/cursor-page.ts';
import { notFound, PlatformError } from '../requests/errors.ts';
import { handled, ok } from '../requests/handler.ts';
import type { PlatformWorld } from '../world.ts';
import { shownDeployment } from './shown.ts';

const PATH = '/api/v2/webdeployments/deployments';

/** Lists the deployments, the oldest first. `expand=Configuration` shows their configurations. */
export function createDeploymentList(world: PlatformWorld): OperationHandler {
  return handled(world, ({ tenant, query, nowMs }) => {
    const deployments = world.deployments.visible(tenant, nowMs);
    const { maxPageSize } = world.settings.current.configurations;
    const page = cursorPage(deployments, ({ id }) => id, query, PATH, maxPageSize);
    if (page instanceof PlatformError) return page;
    const isExpanded = expandsConfiguration(query);
    return ok({
      entities: page.entities.map((each) => shownDeployment(world, each, nowMs, isExpanded)),
      ...page.more,
    });
  });
}

/** Reads one deployment, with its snippet. */
export function createDeploymentRead(world: PlatformWorld): OperationHandler {
  return handled(world, ({ tenant, params, query, nowMs }) => {
    const deployment = world.deployments.find(tenant, params['deploymentId'] ?? '', nowMs);
    if (deployment === undefined) return notFound();
    return ok(shownDeployment(world, deployment, nowMs, expandsConfiguration(query)));
  });
}

/** Reads the version that a deployment is pinned to. */
export function createDeploymentConfigurationRead(world: PlatformWorld): OperationHandler {
  return handled(world, ({ tenant, params, nowMs }) => {
    const deployment = world.deployments.find(tenant, params['deploymentId'] ?? '', nowMs);
    if (deployment === undefined) return notFound();
    const { id, version } = deployment.fields.configuration;
    const configuration = world.configurations.find(tenant, id, nowMs);
    const pinned = configuration && versionOf(configuration, version, nowMs);
    return ok({
      deployment: shownDeployment(world, deployment, nowMs),
      ...(configuration && pinned && { configurationVersion: shownVersion(configuration, pinned, nowMs) }),
    });
  });
}

function expandsConfiguration({ expand = '' }: Readonly<Record<string, string>>): boolean {
  return expand.split(',').some((name) => name.toLowerCase() === 'configuration');
}
