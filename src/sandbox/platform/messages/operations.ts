import { numberedPages, type PlatformOperation, row } from '../operation.ts';
import type { Permission } from '../organization/permissions.ts';
import { createAgentMessageSend } from './agent-message.ts';
import { createAgentlessSend } from './agentless.ts';
import { createConversationRead, createWholeConversationRead } from './conversation-read.ts';
import {
  createIntegrationList,
  createOpenIntegrationCreate,
  createOpenIntegrationDelete,
  createOpenIntegrationList,
  createOpenIntegrationRead,
  createOpenIntegrationUpdate,
} from './integrations.ts';
import { createMediaRead, createMediaUploadRequest } from './media-operations.ts';
import { channelMessageIdOf, fieldOf, guestOf } from './open-channel.ts';
import { createOpenMessage, createOpenResponse } from './open-message.ts';
import { createOpenEvent, createOpenReceipt } from './open-signals.ts';
import { createConversationMessageRead, createMessageBulkRead, createMessageDetails } from './read.ts';

const MESSAGES = '/api/v2/conversations/messages';
const INTEGRATIONS = '/api/v2/conversations/messaging/integrations';
const OPEN = `${MESSAGES}/{integrationId}/inbound/open`;
const COMMUNICATION = `${MESSAGES}/{conversationId}/communications/{communicationId}`;

const viewsMessages: readonly Permission[] = ['conversation:message:view', 'conversation:webmessaging:view'];
const sendsMessages: readonly Permission[] = [
  'conversation:message:create',
  'conversation:webmessaging:create',
];

/** Messages of guests and of the organization, and the integrations that bring them. */
export const messageOperations: readonly PlatformOperation[] = [
  // From the guest to the organization.
  row('platform.open.message', `POST ${OPEN}/message`, {
    query: ['prefetchConversationId'],
    permissions: ['conversation:message:receive'],
    isDelivery: true,
    conversationOf: guestOf,
    messageIdOf: channelMessageIdOf,
    create: createOpenMessage,
  }),
  row('platform.open.event', `POST ${OPEN}/event`, {
    permissions: ['conversation:message:receive'],
    isDelivery: true,
    conversationOf: guestOf,
    create: createOpenEvent,
  }),
  row('platform.open.receipt', `POST ${OPEN}/receipt`, {
    permissions: ['conversation:message:receive'],
    isDelivery: true,
    create: createOpenReceipt,
  }),
  row('platform.open.response', `POST ${OPEN}/structured/response`, {
    permissions: ['conversation:message:receive'],
    isDelivery: true,
    conversationOf: guestOf,
    messageIdOf: channelMessageIdOf,
    create: createOpenResponse,
  }),

  // From the organization to the guest.
  row('platform.agentless.send', `POST ${MESSAGES}/agentless`, {
    permissions: ['conversation:message:create'],
    isDelivery: true,
    conversationOf: (body) => textOrNull(fieldOf(body, 'toAddress')),
    create: createAgentlessSend,
  }),
  row('platform.conversation.send', `POST ${COMMUNICATION}/messages`, {
    permissions: sendsMessages,
    needs: 'any',
    isDelivery: true,
    conversationOf: (_body, params) => textOrNull(params['conversationId']),
    create: createAgentMessageSend,
  }),
  row('platform.media.upload', `POST ${COMMUNICATION}/messages/media/uploads`, {
    permissions: [...sendsMessages, 'conversation:socialmedia:create'],
    needs: 'any',
    create: createMediaUploadRequest,
  }),
  row('platform.media.read', `GET ${COMMUNICATION}/messages/media/{mediaId}`, {
    permissions: viewsMessages,
    needs: 'any',
    create: createMediaRead,
  }),

  // Messages that are there.
  row('platform.message.details', `GET ${MESSAGES}/{messageId}/details`, {
    permissions: viewsMessages,
    needs: 'any',
    create: createMessageDetails,
  }),
  row('platform.message.read', `GET ${MESSAGES}/{conversationId}/messages/{messageId}`, {
    permissions: viewsMessages,
    needs: 'any',
    create: createConversationMessageRead,
  }),
  row('platform.message.bulk', `POST ${MESSAGES}/{conversationId}/messages/bulk`, {
    permissions: viewsMessages,
    needs: 'any',
    create: createMessageBulkRead,
  }),
  row('platform.conversation.read', `GET ${MESSAGES}/{conversationId}`, { create: createConversationRead }),
  row('platform.conversation.whole', 'GET /api/v2/conversations/{conversationId}', {
    permissions: ['conversation:communication:view'],
    create: createWholeConversationRead,
  }),
  row('platform.integration.list', `GET ${INTEGRATIONS}`, {
    query: numberedPages,
    permissions: ['messaging:integration:view'],
    create: createIntegrationList,
  }),
  row('platform.openIntegration.list', `GET ${INTEGRATIONS}/open`, {
    query: numberedPages,
    permissions: ['messaging:integration:view'],
    create: createOpenIntegrationList,
  }),
  row('platform.openIntegration.read', `GET ${INTEGRATIONS}/open/{integrationId}`, {
    permissions: ['messaging:integration:view'],
    create: createOpenIntegrationRead,
  }),
  row('platform.openIntegration.create', `POST ${INTEGRATIONS}/open`, {
    permissions: ['messaging:integration:add'],
    isDelivery: true,
    create: createOpenIntegrationCreate,
  }),
  row('platform.openIntegration.update', `PATCH ${INTEGRATIONS}/open/{integrationId}`, {
    permissions: ['messaging:integration:edit'],
    isDelivery: true,
    create: createOpenIntegrationUpdate,
  }),
  row('platform.openIntegration.delete', `DELETE ${INTEGRATIONS}/open/{integrationId}`, {
    permissions: ['messaging:integration:delete'],
    isDelivery: true,
    create: createOpenIntegrationDelete,
  }),
];

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
