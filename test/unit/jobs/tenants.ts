import type { TenantRoutes } from '../../../src/jobs/routes.ts';

/** A tenant of the dialect `guest`. */
export const GUEST: TenantRoutes = { dialect: 'guest', platform: {} };

/** A tenant of the dialect `platform` with settings of every route, and no route of its own. */
export function platformOf(settings: Partial<TenantRoutes['platform']> = {}): TenantRoutes {
  return {
    dialect: 'platform',
    platform: { open: {}, agentless: { toAddressMessengerType: 'sms' }, webmessaging: {}, ...settings },
  };
}
