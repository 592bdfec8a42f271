import type { Sender } from '../../../src/jobs/routes.ts';

/** A tenant of the dialect `guest`. */
export const GUEST: Sender = { dialect: 'guest', platform: {} };

/** A tenant of the dialect `platform` with settings of every route, and no route of its own. */
export function platformOf(settings: Partial<Sender['platform']> = {}): Sender {
  return {
    dialect: 'platform',
    platform: { open: {}, agentless: { toAddressMessengerType: 'sms' }, webmessaging: {}, ...settings },
  };
}
