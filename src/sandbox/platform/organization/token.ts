import type { OperationHandler } from '../../requests/arrival.ts';
import { handled, ok } from '../requests/handler.ts';
import type { PlatformWorld } from '../world.ts';
import { describedClient } from './client.ts';
import { organizationIdOf } from './identities.ts';

/** Describes the token of the request. Every client may ask, and learns its roles here. */
export function createTokenRead(world: PlatformWorld): OperationHandler {
  return handled(world, ({ arrival, client, tenant }) => {
    const organization = { id: organizationIdOf(tenant), name: tenant };
    return ok({
      organization,
      homeOrganization: organization,
      authorizedScope: [],
      ...(arrival.token !== undefined && {
        dateTokenIdles: new Date(arrival.token.expiresAtMs).toISOString(),
      }),
      OAuthClient: { ...describedClient(client), organization },
    });
  });
}

/** Answers whether the token is valid. */
export function createTokenCheck(world: PlatformWorld): OperationHandler {
  return handled(world, () => ok(undefined));
}

/** Revokes the token of the request. */
export function createTokenDelete(world: PlatformWorld): OperationHandler {
  return handled(world, ({ arrival }) => {
    if (arrival.token !== undefined) arrival.token.isRevoked = true;
    return ok(undefined);
  });
}
