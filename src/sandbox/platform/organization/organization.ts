import type { OperationHandler } from '../../requests/arrival.ts';
import { handled, ok } from '../requests/handler.ts';
import type { PlatformWorld } from '../world.ts';
import { organizationIdOf } from './identities.ts';

/** Reads the organization of the caller. */
export function createOrganizationRead(world: PlatformWorld): OperationHandler {
  return handled(world, ({ tenant }) =>
    ok({
      id: organizationIdOf(tenant),
      name: tenant,
      thirdPartyOrgName: tenant,
      domain: `${tenant}.${world.settings.current.organization.domain}`,
      defaultLanguage: 'en-us',
      defaultCountryCode: 'US',
      version: 1,
      state: 'active',
      features: {},
      productPlatform: 'GenesysCloud',
      selfUri: '/api/v2/organizations/me',
    }),
  );
}
