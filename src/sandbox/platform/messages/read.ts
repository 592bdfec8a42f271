import { z } from 'zod';
import type { OperationHandler } from '../../requests/arrival.ts';
import { check } from '../requests/check.ts';
import { notFound, PlatformError } from '../requests/errors.ts';
import { handled, ok, timeText } from '../requests/handler.ts';
import type { PlatformWorld } from '../world.ts';
import type { Agent, Conversation, StoredMessage } from './conversations.ts';
import { shownMessage } from './shown.ts';

/** Documented: 1000 ids in one request. */
const bulkSchema = z.array(z.string()).max(1000);

/** Reads one message, by its id alone. */
export function createMessageDetails(world: PlatformWorld): OperationHandler {
  return handled(world, ({ tenant, params }) => {
    const message = world.conversations.findMessage(tenant, params['messageId'] ?? '');
    return message === undefined ? notFound() : ok(shownMessage(message));
  });
}

/** Reads one message of a conversation. */
export function createConversationMessageRead(world: PlatformWorld): OperationHandler {
  return handled(world, ({ tenant, params }) => {
    const message = world.conversations.findMessage(tenant, params['messageId'] ?? '');
    if (message?.conversationId !== params['conversationId'] || message === undefined) return notFound();
    return ok(shownMessage(message));
  });
}

/** Reads several messages of a conversation. Unknown ids are left out. */
export function createMessageBulkRead(world: PlatformWorld): OperationHandler {
  return handled(world, ({ tenant, params, body }) => {
    const conversation = world.conversations.find(tenant, params['conversationId'] ?? '');
    if (conversation === undefined) return notFound();
    const ids = check(bulkSchema, body);
    if (ids instanceof PlatformError) return ids;
    const found = conversation.messages.filter(({ id }) => ids.includes(id));
    return ok({ entities: found.map(shownMessage) });
  });
}

/** Reads a conversation with its participants and the ids of its messages. */
export function createConversationRead(world: PlatformWorld): OperationHandler {
  return handled(world, ({ tenant, params }) => {
    const conversation = world.conversations.find(tenant, params['conversationId'] ?? '');
    if (conversation === undefined) {
      const code = 'conversation.error.conversation.not.found';
      return new PlatformError(404, code, 'The conversation does not exist.');
    }
    const { id, agent, customer } = conversation;
    return ok({
      id,
      participants: [
        participant(conversation, customer, 'customer', 'inbound'),
        ...(agent === null ? [] : [participant(conversation, agent, 'agent', 'outbound')]),
      ],
      otherMediaUris: [],
      selfUri: `/api/v2/conversations/messages/${id}`,
    });
  });
}

function participant(
  conversation: Conversation,
  { participantId }: Agent,
  purpose: 'customer' | 'agent',
  direction: StoredMessage['direction'],
): object {
  const { startedAtMs, endedAtMs, messengerType, organizationAddress, customerAddress } = conversation;
  return {
    id: participantId,
    purpose,
    state: endedAtMs === null ? 'connected' : 'disconnected',
    direction: 'inbound',
    connectedTime: timeText(startedAtMs),
    ...(endedAtMs !== null && { endTime: timeText(endedAtMs), disconnectType: 'peer' }),
    type: messengerType,
    provider: 'PureCloud Messaging',
    toAddress: addressOf(organizationAddress),
    fromAddress: addressOf(customerAddress),
    messages: conversation.messages
      .filter((message) => message.direction === direction)
      .map(({ id, status, timestamp, conversationId }) => ({
        messageId: id,
        messageURI: `/api/v2/conversations/messages/${conversationId}/messages/${id}`,
        messageStatus: status,
        messageTime: timestamp,
      })),
  };
}

function addressOf(address: string): object {
  return { addressNormalized: address, addressRaw: address, addressDisplayable: address };
}
