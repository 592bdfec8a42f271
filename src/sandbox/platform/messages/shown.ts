import type { StoredMessage } from './conversations.ts';

/** A message as the API shows it (`MessageData`). */
export function shownMessage(message: StoredMessage): Record<string, unknown> {
  const { id, conversationId, providerMessageId, timestamp, fromAddress, toAddress } = message;
  return {
    id,
    ...(providerMessageId !== undefined && { providerMessageId }),
    timestamp,
    fromAddress,
    toAddress,
    direction: message.direction,
    messengerType: message.messengerType,
    status: message.status,
    normalizedMessage: normalizedMessage(message),
    normalizedReceipts: [],
    conversationId,
    selfUri: `/api/v2/conversations/messages/${conversationId}/messages/${id}`,
  };
}

function normalizedMessage(message: StoredMessage): Record<string, unknown> {
  const { id, type, text, content, events, metadata, direction, fromAddress, toAddress } = message;
  return {
    id,
    channel: {
      platform: platforms[message.messengerType],
      type: 'Private',
      to: { id: toAddress },
      from: { id: fromAddress },
      time: message.sentAt ?? message.timestamp,
      ...(message.providerMessageId !== undefined && { messageId: message.providerMessageId }),
    },
    type,
    ...(text !== undefined && { text }),
    content: content ?? [],
    ...(events !== undefined && { events }),
    originatingEntity: message.originatingEntity ?? 'Human',
    direction: direction === 'inbound' ? 'Inbound' : 'Outbound',
    ...(metadata !== undefined && { metadata }),
  };
}

const platforms: Readonly<Record<StoredMessage['messengerType'], string>> = {
  sms: 'SMS',
  facebook: 'Facebook',
  twitter: 'Twitter',
  whatsapp: 'WhatsApp',
  webmessaging: 'WebMessaging',
  instagram: 'Instagram',
  open: 'Open',
  apple: 'Apple',
};
