import type { Answer, OperationHandler } from '../../requests/arrival.ts';
import { check } from '../requests/check.ts';
import { PlatformError } from '../requests/errors.ts';
import { handled, ok } from '../requests/handler.ts';
import type { PlatformWorld } from '../world.ts';
import { openConversation, openIntegration } from './open-channel.ts';
import { openMessageSchema, openResponseSchema } from './open-model.ts';
import { lengthOf, tooLong } from './text.ts';

/**
 * Takes a message of a guest through Open Messaging. It starts a conversation if the guest has none.
 */
export function createOpenMessage(world: PlatformWorld): OperationHandler {
  // Asked only while the setting is on: the platform does not say whether it finds repetitions.
  const answersByMessage = new Map<string, Answer>();

  return handled(world, (call) => {
    const { tenant, client, query, body, nowMs } = call;
    const integration = openIntegration(world, call);
    if (integration instanceof PlatformError) return integration;
    const inbound = check(openMessageSchema, body);
    if (inbound instanceof PlatformError) return inbound;
    const settings = world.settings.current.messages;
    const text = inbound.text ?? '';
    if (lengthOf(text, settings) > settings.inboundCharacters) return tooLong('text');

    const { from, time, messageId, metadata: channelMetadata } = inbound.channel;
    const key = messageId ? JSON.stringify([tenant, integration.id, messageId]) : undefined;
    const earlier = key === undefined ? undefined : answersByMessage.get(key);
    if (settings.detectsRepeatedMessageIds && earlier !== undefined) return earlier;

    const conversation = openConversation(world, tenant, integration.id, from.id, nowMs);
    const content = (inbound.content ?? []).map(({ attachment }) => ({
      contentType: 'Attachment',
      attachment,
    }));
    const message = world.conversations.add(
      conversation,
      {
        direction: 'inbound',
        status: 'received',
        type: 'Text',
        text,
        content,
        metadata: inbound.metadata ?? {},
        sentAt: time,
        ...(messageId && { providerMessageId: messageId }),
        clientId: client.clientId,
      },
      nowMs,
    );
    const showsConversation =
      query['prefetchConversationId'] === 'true' || settings.answersConversationId === 'always';
    const answer = ok(
      {
        id: message.id,
        channel: {
          id: conversation.customer.communicationId,
          platform: 'Open',
          type: 'Private',
          ...(messageId && { messageId }),
          to: { id: integration.id, idType: 'Opaque' },
          from,
          time,
          ...(channelMetadata && { metadata: channelMetadata }),
        },
        type: 'Text',
        ...(inbound.text && { text }),
        ...(content.length > 0 && { content }),
        ...(inbound.metadata && { metadata: inbound.metadata }),
        ...(showsConversation && { conversationId: conversation.id }),
      },
      settings.answersAccepted ? 202 : 200,
    );
    if (key !== undefined) answersByMessage.set(key, answer);
    return answer;
  });
}

/** Takes a guest's click on a button of an earlier message. */
export function createOpenResponse(world: PlatformWorld): OperationHandler {
  return handled(world, (call) => {
    const { tenant, client, body, nowMs } = call;
    const integration = openIntegration(world, call);
    if (integration instanceof PlatformError) return integration;
    const inbound = check(openResponseSchema, body);
    if (inbound instanceof PlatformError) return inbound;
    const { channel, buttonResponse, originatingMessageId } = inbound;
    const conversation = openConversation(world, tenant, integration.id, channel.from.id, nowMs);
    const message = world.conversations.add(
      conversation,
      {
        direction: 'inbound',
        status: 'received',
        type: 'Structured',
        text: buttonResponse.text,
        content: [
          { contentType: 'ButtonResponse', buttonResponse: { ...buttonResponse, originatingMessageId } },
        ],
        sentAt: channel.time,
        ...(channel.messageId && { providerMessageId: channel.messageId }),
        clientId: client.clientId,
      },
      nowMs,
    );
    return ok(
      {
        id: message.id,
        channel: {
          id: conversation.customer.communicationId,
          platform: 'Open',
          type: 'Private',
          ...(channel.messageId && { messageId: channel.messageId }),
          to: { id: integration.id, idType: 'Opaque' },
          from: channel.from,
          time: channel.time,
        },
        type: 'Structured',
        direction: 'Inbound',
        content: [{ contentType: 'ButtonResponse', buttonResponse }],
      },
      world.settings.current.messages.answersAccepted ? 202 : 200,
    );
  });
}
