import type { SandboxClient } from '../../login/clients.ts';
import { notFound, PlatformError } from '../requests/errors.ts';
import type { Call } from '../requests/handler.ts';
import type { PlatformSettings } from '../settings.ts';
import type { PlatformWorld } from '../world.ts';
import type { Addresses, Conversation } from './conversations.ts';
import type { Integration } from './settings.ts';

/** The checks that every inbound operation of Open Messaging does before its model. */
export function openIntegration(
  { settings, integrations }: PlatformWorld,
  { tenant, client, params, body, nowMs }: Call,
): Integration | PlatformError {
  const userError = notAClient(client, settings.current);
  if (userError !== undefined) return userError;
  const integration = integrations.findUsable(tenant, params['integrationId'] ?? '', 'open', nowMs);
  if (integration === undefined) return notFound();
  if (lacksTime(body)) {
    return new PlatformError(400, 'missing.open.channel.date', 'Missing open channel date.');
  }
  return integration;
}

/** The 400 of a token that counts as a user's. Undefined for the token of a client. */
export function notAClient(
  { clientId }: SandboxClient,
  { login }: PlatformSettings,
): PlatformError | undefined {
  if (!login.userClients.includes(clientId)) return undefined;
  const message =
    'This request requires a non-user context. User token cannot be used for requests to this resource.';
  return new PlatformError(400, 'not.a.client', message);
}

/** The live conversation of a guest with an integration. It starts one if there is none. */
export function openConversation(
  world: PlatformWorld,
  tenant: string,
  integrationId: string,
  guestId: string,
  nowMs: number,
): Conversation {
  const addresses = {
    tenant,
    messengerType: 'open' as const,
    organizationAddress: integrationId,
    customerAddress: guestId,
  };
  return world.conversations.live(addresses) ?? startOfGuest(world, addresses, nowMs);
}

/** A new conversation that a guest starts, with an agent if the settings say so. */
export function startOfGuest(
  { conversations, settings }: PlatformWorld,
  addresses: Addresses,
  nowMs: number,
  id?: string,
): Conversation {
  const conversation = conversations.start(addresses, nowMs, id);
  if (settings.current.messages.agentJoins === 'at-start') conversations.connectAgent(conversation);
  return conversation;
}

/** The guest of a body that is not checked yet. */
export function guestOf(body: unknown): string | null {
  const id = fieldOf(fieldOf(fieldOf(body, 'channel'), 'from'), 'id');
  return typeof id === 'string' ? id : null;
}

/** `channel.messageId` of a body that is not checked yet. */
export function channelMessageIdOf(body: unknown): string | null {
  const id = fieldOf(fieldOf(body, 'channel'), 'messageId');
  return typeof id === 'string' && id !== '' ? id : null;
}

function lacksTime(body: unknown): boolean {
  const channel = fieldOf(body, 'channel');
  return typeof channel === 'object' && channel !== null && !fieldOf(channel, 'time');
}

/** A field of an untrusted value. Undefined for a value that is no object. */
export function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}
