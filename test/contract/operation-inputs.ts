import { configuration } from './bodies.ts';

const communication = { conversationId: 'conversation-1', communicationId: 'communication-1' };
const guest = { integrationId: 'integration-1', guestId: 'guest-1', idType: 'Opaque' };
const ofConfiguration = { configurationId: 'configuration-1' };
const question = {
  service: 'WebDeployments',
  entity: 'Configuration',
  action: 'Update',
  from: '2026-03-01T00:00:00.000Z',
  to: '2026-03-02T00:00:00.000Z',
};
const deployment = {
  name: 'Shop',
  description: 'The shop',
  configuration: { id: 'configuration-1', version: '1' },
  allowAllDomains: false,
  allowedDomains: ['shop.example'],
  flow: { id: 'flow-1' },
  status: 'Active',
};

/** An input of each operation of the dialect `platform`, by its name, with a value for every field. */
export const operationInputs: Readonly<Record<string, unknown>> = {
  'token.read': undefined,
  'roles.read': undefined,
  'limits.read': { namespace: 'platform.api' },

  'open.message': {
    ...guest,
    messageId: 'message-1',
    text: 'Where is my parcel?',
    file: { url: 'https://files.example/a.png', contentType: 'image/png', fileName: 'a.png' },
    prefetchConversationId: true,
  },
  'open.event': guest,
  'open.receipt': {
    ...guest,
    receipt: {
      messageId: 'message-1',
      status: 'Failed',
      reasons: [{ code: 'MessageExpired', message: 'too late' }],
      isFinal: true,
    },
  },
  'open.response': {
    ...guest,
    messageId: 'message-1',
    click: { type: 'Button', text: 'Yes', payload: 'yes', originatingMessageId: 'card-1' },
  },
  'agentless.message': {
    fromAddress: '+15550001',
    toAddress: '+15550002',
    toAddressMessengerType: 'sms',
    useExistingActiveConversation: true,
    text: 'Your parcel is on its way',
  },
  'conversation.message': { ...communication, text: 'How can I help?', mediaIds: ['media-1'] },
  'conversation.read': communication,
  'conversation.messages': { ...communication, ids: ['message-1'] },
  'media.upload': { ...communication, fileName: 'a.png', sizeBytes: 4 },
  'media.read': { ...communication, mediaId: 'media-1' },

  'configuration.list': { after: 'cursor-1' },
  'configuration.versions': { ...ofConfiguration, after: 'cursor-1' },
  'configuration.read': { ...ofConfiguration, version: '1' },
  'configuration.create': { fields: configuration() },
  'configuration.write': { ...ofConfiguration, fields: configuration() },
  'configuration.publish': ofConfiguration,
  'deployment.list': { after: 'cursor-1' },
  'deployment.read': { id: 'deployment-1' },
  'deployment.create': { fields: deployment },
  'deployment.update': { id: 'deployment-1', fields: deployment },

  'audit.services': { isRealtime: true },
  'audit.query': question,
  'audit.state': { transactionId: 'query-1' },
  'audit.results': { transactionId: 'query-1', cursor: 'cursor-1', pageSize: 500 },
  'audit.realtime': { ...question, pageNumber: 1, pageSize: 500 },
};
