import type { SandboxClient } from '../../login/clients.ts';
import type { OperationHandler } from '../../requests/arrival.ts';
import { PlatformError } from '../requests/errors.ts';
import { handled, ok } from '../requests/handler.ts';
import type { PlatformWorld } from '../world.ts';
import { divisionIdOf, roleIdOf } from './identities.ts';

/** Reads one OAuth client of the organization, also the caller itself. */
export function createClientRead(world: PlatformWorld): OperationHandler {
  return handled(world, ({ params, tenant }) => {
    const client = world.clients.find(
      (each) => each.clientId === params['clientId'] && each.tenant === tenant,
    );
    if (client === undefined) return new PlatformError(404, 'client.not.found', 'Client was not found.');
    const { expiresInSeconds } = world.settings.current.login;
    return ok({
      ...describedClient(client),
      accessTokenValiditySeconds: client.accessTokenValiditySeconds ?? expiresInSeconds,
      selfUri: `/api/v2/oauth/clients/${client.clientId}`,
    });
  });
}

/** What every description of a client has. */
export function describedClient(client: SandboxClient): Record<string, unknown> {
  return {
    id: client.clientId,
    name: client.clientId,
    authorizedGrantType: 'CLIENT-CREDENTIALS',
    scope: [],
    roleDivisions: [{ roleId: roleIdOf(client), divisionId: divisionIdOf(client.tenant) }],
    state: 'active',
  };
}
