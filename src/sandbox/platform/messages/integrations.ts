import type { OperationHandler } from '../../requests/arrival.ts';
import { administratorIdOf } from '../organization/identities.ts';
import { check } from '../requests/check.ts';
import { generalError, notFound, PlatformError } from '../requests/errors.ts';
import { type Call, handled, ok, timeText } from '../requests/handler.ts';
import { numberedPage, pageNumbers } from '../requests/numbered-page.ts';
import type { PlatformWorld } from '../world.ts';
import {
  type IntegrationFields,
  integrationChangeSchema,
  integrationSchema,
  keptFields,
} from './integration-model.ts';
import { type MadeIntegration, type StoredIntegration, storedOf } from './integration-store.ts';

const PATH = '/api/v2/conversations/messaging/integrations';
/** When every integration of the settings was created. */
const CREATED_AT = '2025-01-01T00:00:00.000Z';

/** Lists the integrations of every messenger. */
export function createIntegrationList(world: PlatformWorld): OperationHandler {
  return handled(world, ({ query, tenant, nowMs }) => {
    const page = pageNumbers(query, world.settings.current);
    if (page instanceof PlatformError) return page;
    const integrations = world.integrations.visible(tenant, nowMs).map((each) => ({
      id: each.id,
      name: each.name,
      status: each.status,
      messengerType: each.messengerType,
      dateCreated: each.made === null ? CREATED_AT : timeText(each.made.createdAtMs),
      version: 1,
      selfUri: `${PATH}/${each.messengerType}/${each.id}`,
    }));
    return ok(numberedPage(integrations, page, PATH));
  });
}

/** Lists the integrations of Open Messaging. */
export function createOpenIntegrationList(world: PlatformWorld): OperationHandler {
  return handled(world, ({ query, tenant, nowMs }) => {
    const page = pageNumbers(query, world.settings.current);
    if (page instanceof PlatformError) return page;
    const open = world.integrations.visible(tenant, nowMs).filter(isOpen);
    const integrations = open.map((each) => shownOpenIntegration(each, tenant));
    return ok(numberedPage(integrations, page, `${PATH}/open`));
  });
}

/** Reads one integration of Open Messaging. */
export function createOpenIntegrationRead(world: PlatformWorld): OperationHandler {
  return handled(world, (call) => {
    const found = openIntegrationOf(world, call);
    return found === undefined ? notFound() : ok(shownOpenIntegration(found, call.tenant));
  });
}

/** Creates an integration of Open Messaging. It takes messages once its creation is completed. */
export function createOpenIntegrationCreate(world: PlatformWorld): OperationHandler {
  return handled(world, ({ tenant, body, nowMs }) => {
    const request = check(integrationSchema, body);
    if (request instanceof PlatformError) return request;
    const fields = keptFields(request) as IntegrationFields;
    const created = world.integrations.create(tenant, fields, nowMs);
    return ok(shownOpenIntegration(created, tenant), created.createStatus === 'Initiated' ? 202 : 200);
  });
}

/** Changes an integration that a client made. */
export function createOpenIntegrationUpdate(world: PlatformWorld): OperationHandler {
  return handled(world, (call) => {
    const made = madeIntegration(world, call);
    if (made instanceof PlatformError) return made;
    const change = check(integrationChangeSchema, call.body);
    if (change instanceof PlatformError) return change;
    made.fields = { ...made.fields, ...keptFields(change) };
    made.modifiedAtMs = call.nowMs;
    return ok(shownOpenIntegration(storedOf(made, call.nowMs), call.tenant));
  });
}

/** Deletes an integration that a client made. */
export function createOpenIntegrationDelete(world: PlatformWorld): OperationHandler {
  return handled(world, (call) => {
    const made = madeIntegration(world, call);
    if (made instanceof PlatformError) return made;
    made.isDeleted = true;
    return ok(undefined, 204);
  });
}

function openIntegrationOf(
  { integrations }: PlatformWorld,
  { tenant, params, nowMs }: Call,
): StoredIntegration | undefined {
  const found = integrations.find(tenant, params['integrationId'] ?? '', nowMs);
  return found !== undefined && isOpen(found) ? found : undefined;
}

function madeIntegration(world: PlatformWorld, call: Call): MadeIntegration | PlatformError {
  const found = openIntegrationOf(world, call);
  if (found === undefined) return notFound();
  return found.made ?? generalError(409, 'The integration is one of the settings of the sandbox.');
}

function isOpen({ messengerType }: StoredIntegration): boolean {
  return messengerType === 'open';
}

function shownOpenIntegration(integration: StoredIntegration, tenant: string): object {
  const { id, name, status, createStatus, made } = integration;
  const createdBy = { id: administratorIdOf(tenant) };
  return {
    outboundNotificationWebhookUrl: 'https://webhook.invalid/genesys',
    ...made?.fields,
    id,
    name,
    status,
    outboundNotificationWebhookSignatureSecretToken: '****************',
    recipient: { id },
    dateCreated: made === null ? CREATED_AT : timeText(made.createdAtMs),
    dateModified: made === null ? CREATED_AT : timeText(made.modifiedAtMs),
    createdBy,
    modifiedBy: createdBy,
    createStatus,
    ...(createStatus === 'Error' && {
      createError: { status: 400, code: 'bad.request', message: 'The integration could not be created.' },
    }),
    selfUri: `${PATH}/open/${id}`,
  };
}
