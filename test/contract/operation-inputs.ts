const guest = { integrationId: 'integration-1', guestId: 'guest-1', idType: 'Opaque' };
const communication = { conversationId: 'conversation-1', communicationId: 'communication-1' };

/** An input of each operation of the dialect `platform`, by its name, with a value for every field. */
export const operationInputs: Readonly<Record<string, unknown>> = {
  'token.read': undefined,
  'roles.read': undefined,
  'limits.read': { namespace: 'platform.api' },
  'open.message': {
    ...guest,
    messageId: 'job-1',
    text: 'Hello',
    file: { url: 'https://files.example.com/a.png', contentType: 'image/png', fileName: 'a.png' },
    prefetchConversationId: true,
  },
  'open.event': { ...guest, typing: { durationMs: 1000 } },
  'open.receipt': {
    ...guest,
    receipt: {
      messageId: 'out-1',
      status: 'Failed',
      reasons: [{ code: 'MessageExpired', message: 'too late' }],
      isFinal: true,
    },
  },
  'open.response': {
    ...guest,
    messageId: 'job-1',
    click: { type: 'Button', text: 'Yes', payload: 'yes', originatingMessageId: 'out-1' },
  },
  'agentless.message': {
    fromAddress: '+15550001',
    toAddress: '+15550123',
    toAddressMessengerType: 'sms',
    useExistingActiveConversation: false,
    text: 'Hello',
  },
  'conversation.message': { ...communication, text: 'Hello', mediaIds: ['media-1'] },
  'conversation.read': communication,
  'conversation.messages': { ...communication, ids: ['message-1'] },
  'media.upload': { ...communication, fileName: 'a.png', sizeBytes: 4 },
  'media.read': { ...communication, mediaId: 'media-1' },
};
