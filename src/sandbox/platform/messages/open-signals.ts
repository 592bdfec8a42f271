import type { OperationHandler } from '../../requests/arrival.ts';
import { check } from '../requests/check.ts';
import { PlatformError } from '../requests/errors.ts';
import { handled, ok } from '../requests/handler.ts';
import type { PlatformWorld } from '../world.ts';
import { openConversation, openIntegration } from './open-channel.ts';
import { openEventSchema, openReceiptSchema } from './open-model.ts';

/** Takes typing events of a guest. */
export function createOpenEvent(world: PlatformWorld): OperationHandler {
  return handled(world, (call) => {
    const { tenant, client, body, nowMs } = call;
    const integration = openIntegration(world, call);
    if (integration instanceof PlatformError) return integration;
    const inbound = check(openEventSchema, body);
    if (inbound instanceof PlatformError) return inbound;
    const { channel, events } = inbound;
    const conversation = openConversation(world, tenant, integration.id, channel.from.id, nowMs);
    const message = world.conversations.add(
      conversation,
      {
        direction: 'inbound',
        status: 'received',
        type: 'Event',
        events,
        sentAt: channel.time,
        clientId: client.clientId,
      },
      nowMs,
    );
    return ok(
      {
        id: message.id,
        channel: { ...openChannel(conversation.customer.communicationId, integration.id), ...channel },
        type: 'Event',
        events,
      },
      statusOf(world),
    );
  });
}

/** Takes the news of what became of a message to the guest. */
export function createOpenReceipt(world: PlatformWorld): OperationHandler {
  return handled(world, (call) => {
    const { tenant, client, body, nowMs } = call;
    const integration = openIntegration(world, call);
    if (integration instanceof PlatformError) return integration;
    const inbound = check(openReceiptSchema, body);
    if (inbound instanceof PlatformError) return inbound;
    const { id, channel, status, reasons, isFinalReceipt } = inbound;
    const original = world.conversations.findMessage(tenant, id);
    const conversation =
      (original && world.conversations.find(tenant, original.conversationId)) ??
      openConversation(world, tenant, integration.id, channel.to.id, nowMs);
    world.conversations.add(
      conversation,
      {
        direction: 'inbound',
        status: 'received',
        type: 'Receipt',
        content: [{ id, status, reasons: reasons ?? [], isFinalReceipt: isFinalReceipt ?? false }],
        sentAt: channel.time,
        clientId: client.clientId,
      },
      nowMs,
    );
    return ok(
      {
        id,
        channel: {
          ...openChannel(conversation.customer.communicationId, integration.id),
          from: { id: integration.id, idType: 'Opaque' },
          to: channel.to,
          time: channel.time,
        },
        type: 'Receipt',
        direction: 'Inbound',
        status,
        ...(reasons && { reasons }),
        isFinalReceipt: isFinalReceipt ?? false,
      },
      statusOf(world),
    );
  });
}

function openChannel(id: string, integrationId: string): object {
  return { id, platform: 'Open', type: 'Private', to: { id: integrationId, idType: 'Opaque' } };
}

function statusOf({ settings }: PlatformWorld): 200 | 202 {
  return settings.current.messages.answersAccepted ? 202 : 200;
}
