import { z } from 'zod';
import type { OperationHandler } from '../../requests/arrival.ts';
import { check } from '../requests/check.ts';
import { notFound, PlatformError } from '../requests/errors.ts';
import { handled, ok } from '../requests/handler.ts';
import type { PlatformWorld } from '../world.ts';
import type { Deployment } from './deployments.ts';

const flag = z.boolean().nullish();
const text = z.string().nullish();

/** How a deployment finds the contact of a guest (`DeploymentIdentityResolutionConfig`). */
const identityResolutionSchema = z.strictObject({
  division: z.strictObject({ id: text, name: text, selfUri: text }).nullish(),
  resolveIdentities: z.boolean(),
  externalSource: z.strictObject({ id: text, selfUri: text }).nullish(),
  automerge: z.strictObject({ authenticatedWebMessaging: flag, webTracking: flag }).nullish(),
  selfUri: z.unknown().optional(),
});

/** Reads the identity resolution of a deployment. Off is a stand-in for the default of the platform. */
export function createIdentityResolutionRead(world: PlatformWorld): OperationHandler {
  return handled(world, ({ tenant, params, nowMs }) => {
    const deployment = world.deployments.find(tenant, params['deploymentId'] ?? '', nowMs);
    return deployment === undefined ? notFound() : ok(shown(deployment));
  });
}

/** Replaces the identity resolution of a deployment. It leaves no audit record: none is documented. */
export function createIdentityResolutionWrite(world: PlatformWorld): OperationHandler {
  return handled(world, ({ tenant, params, body, nowMs }) => {
    const deployment = world.deployments.find(tenant, params['deploymentId'] ?? '', nowMs);
    if (deployment === undefined || deployment.deletedAtMs !== null) return notFound();
    const written = check(identityResolutionSchema, body);
    if (written instanceof PlatformError) return written;
    const { externalSources } = world.settings.current.deployments;
    const source = written.externalSource?.id;
    if (source && externalSources !== null && !externalSources.includes(source)) {
      return new PlatformError(422, 'validation.failed', 'The external source does not exist.', {
        details: [{ errorCode: 'validation.failed', fieldName: 'externalSource.id', entityId: source }],
      });
    }
    deployment.identityResolution = written;
    return ok(shown(deployment));
  });
}

function shown({ id, identityResolution }: Deployment): object {
  return {
    ...identityResolution,
    selfUri: `/api/v2/webdeployments/deployments/${id}/identityresolution`,
  };
}
