import type { OperationHandler } from '../../requests/arrival.ts';
import { administratorIdOf } from '../organization/identities.ts';
import { notFound, PlatformError } from '../requests/errors.ts';
import { handled, ok } from '../requests/handler.ts';
import { numberedPage, pageNumbers } from '../requests/numbered-page.ts';
import type { PlatformWorld } from '../world.ts';
import type { Integration } from './settings.ts';

const PATH = '/api/v2/conversations/messaging/integrations';
/** When every integration of the sandbox was created. */
const CREATED_AT = '2025-01-01T00:00:00.000Z';

/** Lists the integrations of every messenger. */
export function createIntegrationList(world: PlatformWorld): OperationHandler {
  return handled(world, ({ query }) => {
    const page = pageNumbers(query, world.settings.current);
    if (page instanceof PlatformError) return page;
    const integrations = world.settings.current.messages.integrations.map((each) => ({
      id: each.id,
      name: each.name,
      status: each.status,
      messengerType: each.messengerType,
      dateCreated: CREATED_AT,
      version: 1,
      selfUri: `${PATH}/${each.messengerType}/${each.id}`,
    }));
    return ok(numberedPage(integrations, page, PATH));
  });
}

/** Lists the integrations of Open Messaging. */
export function createOpenIntegrationList(world: PlatformWorld): OperationHandler {
  return handled(world, ({ query, tenant }) => {
    const page = pageNumbers(query, world.settings.current);
    if (page instanceof PlatformError) return page;
    const integrations = openIntegrations(world).map((each) => shownOpenIntegration(each, tenant));
    return ok(numberedPage(integrations, page, `${PATH}/open`));
  });
}

/** Reads one integration of Open Messaging. */
export function createOpenIntegrationRead(world: PlatformWorld): OperationHandler {
  return handled(world, ({ params, tenant }) => {
    const found = openIntegrations(world).find(({ id }) => id === params['integrationId']);
    return found === undefined ? notFound() : ok(shownOpenIntegration(found, tenant));
  });
}

function openIntegrations({ settings }: PlatformWorld): Integration[] {
  return settings.current.messages.integrations.filter(({ messengerType }) => messengerType === 'open');
}

function shownOpenIntegration({ id, name, status }: Integration, tenant: string): object {
  const createdBy = { id: administratorIdOf(tenant) };
  return {
    id,
    name,
    status,
    outboundNotificationWebhookUrl: 'https://webhook.invalid/genesys',
    outboundNotificationWebhookSignatureSecretToken: '****************',
    recipient: { id },
    dateCreated: CREATED_AT,
    dateModified: CREATED_AT,
    createdBy,
    modifiedBy: createdBy,
    createStatus: 'Completed',
    selfUri: `${PATH}/open/${id}`,
  };
}
