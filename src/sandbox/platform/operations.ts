import { createQueryRead, createQueryResults, createQueryStart } from './audits/query.ts';
import { createRealtimeQuery, createRelatedQuery } from './audits/realtime.ts';
import { createRealtimeServiceMapping, createServiceMapping } from './audits/service-mapping.ts';
import {
  createConfigurationList,
  createDraftRead,
  createVersionList,
  createVersionRead,
} from './configurations/read.ts';
import {
  createConfigurationCreate,
  createConfigurationDelete,
  createDraftPublish,
  createDraftWrite,
} from './configurations/write.ts';
import {
  createDeploymentConfigurationRead,
  createDeploymentList,
  createDeploymentRead,
} from './deployments/read.ts';
import {
  createDeploymentCreate,
  createDeploymentDelete,
  createDeploymentUpdate,
} from './deployments/write.ts';
import { createAgentMessageSend } from './messages/agent-message.ts';
import { createAgentlessSend } from './messages/agentless.ts';
import {
  createIntegrationList,
  createOpenIntegrationList,
  createOpenIntegrationRead,
} from './messages/integrations.ts';
import { createMediaRead, createMediaUploadRequest } from './messages/media-operations.ts';
import { channelMessageIdOf, fieldOf, guestOf } from './messages/open-channel.ts';
import { createOpenMessage, createOpenResponse } from './messages/open-message.ts';
import { createOpenEvent, createOpenReceipt } from './messages/open-signals.ts';
import {
  createConversationMessageRead,
  createConversationRead,
  createMessageBulkRead,
  createMessageDetails,
} from './messages/read.ts';
import type { PlatformOperation } from './operation.ts';
import { createClientRead } from './organization/client.ts';
import {
  createNamespaceDefaults,
  createNamespaceList,
  createNamespaceRead,
  createOrganizationRead,
} from './organization/organization.ts';
import type { Permission } from './organization/permissions.ts';
import { createOwnSubjectRead, createRoleRead, createSubjectRead } from './organization/roles.ts';
import { createTokenCheck, createTokenDelete, createTokenRead } from './organization/token.ts';

/** The upload of the bytes of a file. It is not in the table: it needs no token. */
export const UPLOAD_OPERATION = 'platform.media.put';

/** A message of a guest over the WebSocket. It is not in the table: it is no request. */
export const GUEST_MESSAGE_OPERATION = 'platform.webmessaging.message';

const MESSAGES = '/api/v2/conversations/messages';
const INTEGRATIONS = '/api/v2/conversations/messaging/integrations';
const OPEN = `${MESSAGES}/{integrationId}/inbound/open`;
const COMMUNICATION = `${MESSAGES}/{conversationId}/communications/{communicationId}`;
const CONFIGURATIONS = '/api/v2/webdeployments/configurations';
const DEPLOYMENTS = '/api/v2/webdeployments/deployments';
const AUDITS = '/api/v2/audits/query';

const viewsMessages: readonly Permission[] = ['conversation:message:view', 'conversation:webmessaging:view'];
const sendsMessages: readonly Permission[] = [
  'conversation:message:create',
  'conversation:webmessaging:create',
];
const cursors = ['pageSize', 'before', 'after'];
const pages = ['pageSize', 'pageNumber'];

type Row = Omit<
  PlatformOperation,
  'name' | 'method' | 'path' | 'query' | 'permissions' | 'needs' | 'isDelivery'
> &
  Partial<Pick<PlatformOperation, 'query' | 'permissions' | 'needs' | 'isDelivery'>>;

/** Every operation of the platform that the sandbox offers. Names and parameters are those of the SDK. */
export const platformOperations: readonly PlatformOperation[] = [
  // Who the caller is, and what it may do.
  row('platform.token.check', 'HEAD /api/v2/tokens/me', { create: createTokenCheck }),
  row('platform.token.read', 'GET /api/v2/tokens/me', { create: createTokenRead }),
  row('platform.token.delete', 'DELETE /api/v2/tokens/me', { create: createTokenDelete }),
  row('platform.client.read', 'GET /api/v2/oauth/clients/{clientId}', {
    permissions: ['oauth:client:view'],
    create: createClientRead,
  }),
  row('platform.role.read', 'GET /api/v2/authorization/roles/{roleId}', {
    permissions: ['authorization:role:view'],
    create: createRoleRead,
  }),
  row('platform.subject.own', 'GET /api/v2/authorization/subjects/me', { create: createOwnSubjectRead }),
  row('platform.subject.read', 'GET /api/v2/authorization/subjects/{subjectId}', {
    permissions: ['authorization:grant:view'],
    create: createSubjectRead,
  }),
  row('platform.organization.read', 'GET /api/v2/organizations/me', { create: createOrganizationRead }),
  row('platform.limits.list', 'GET /api/v2/organizations/limits/namespaces', {
    query: pages,
    create: createNamespaceList,
  }),
  row('platform.limits.read', 'GET /api/v2/organizations/limits/namespaces/{namespaceName}', {
    create: createNamespaceRead,
  }),
  row('platform.limits.defaults', 'GET /api/v2/organizations/limits/namespaces/{namespaceName}/defaults', {
    create: createNamespaceDefaults,
  }),

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
  row('platform.integration.list', `GET ${INTEGRATIONS}`, {
    query: pages,
    permissions: ['messaging:integration:view'],
    create: createIntegrationList,
  }),
  row('platform.openIntegration.list', `GET ${INTEGRATIONS}/open`, {
    query: pages,
    permissions: ['messaging:integration:view'],
    create: createOpenIntegrationList,
  }),
  row('platform.openIntegration.read', `GET ${INTEGRATIONS}/open/{integrationId}`, {
    permissions: ['messaging:integration:view'],
    create: createOpenIntegrationRead,
  }),

  // Configurations of the messenger.
  row('platform.configuration.list', `GET ${CONFIGURATIONS}`, {
    query: [...cursors, 'showOnlyPublished'],
    permissions: ['webDeployments:configuration:view'],
    create: createConfigurationList,
  }),
  row('platform.configuration.create', `POST ${CONFIGURATIONS}`, {
    permissions: ['webDeployments:configuration:add'],
    isDelivery: true,
    create: createConfigurationCreate,
  }),
  row('platform.version.list', `GET ${CONFIGURATIONS}/{configurationId}/versions`, {
    query: cursors,
    permissions: ['webDeployments:configuration:view'],
    create: createVersionList,
  }),
  row('platform.version.read', `GET ${CONFIGURATIONS}/{configurationId}/versions/{versionId}`, {
    permissions: ['webDeployments:configuration:view'],
    create: createVersionRead,
  }),
  row('platform.draft.read', `GET ${CONFIGURATIONS}/{configurationId}/versions/draft`, {
    permissions: ['webDeployments:configuration:view'],
    create: createDraftRead,
  }),
  row('platform.draft.write', `PUT ${CONFIGURATIONS}/{configurationId}/versions/draft`, {
    permissions: ['webDeployments:configuration:edit'],
    isDelivery: true,
    create: createDraftWrite,
  }),
  row('platform.draft.publish', `POST ${CONFIGURATIONS}/{configurationId}/versions/draft/publish`, {
    permissions: ['webDeployments:configuration:edit', 'webDeployments:configuration:add'],
    isDelivery: true,
    create: createDraftPublish,
  }),
  row('platform.configuration.delete', `DELETE ${CONFIGURATIONS}/{configurationId}`, {
    permissions: ['webDeployments:configuration:delete'],
    isDelivery: true,
    create: createConfigurationDelete,
  }),

  // Deployments of the messenger.
  row('platform.deployment.list', `GET ${DEPLOYMENTS}`, {
    query: [...cursors, 'expand'],
    permissions: ['webDeployments:deployment:view'],
    create: createDeploymentList,
  }),
  row('platform.deployment.read', `GET ${DEPLOYMENTS}/{deploymentId}`, {
    query: ['expand'],
    permissions: ['webDeployments:deployment:view'],
    create: createDeploymentRead,
  }),
  row('platform.deployment.create', `POST ${DEPLOYMENTS}`, {
    permissions: ['webDeployments:deployment:add'],
    isDelivery: true,
    create: createDeploymentCreate,
  }),
  row('platform.deployment.update', `PUT ${DEPLOYMENTS}/{deploymentId}`, {
    permissions: ['webDeployments:deployment:edit'],
    isDelivery: true,
    create: createDeploymentUpdate,
  }),
  row('platform.deployment.delete', `DELETE ${DEPLOYMENTS}/{deploymentId}`, {
    permissions: ['webDeployments:deployment:delete'],
    isDelivery: true,
    create: createDeploymentDelete,
  }),
  row('platform.deployment.configuration', `GET ${DEPLOYMENTS}/{deploymentId}/configurations`, {
    create: createDeploymentConfigurationRead,
  }),

  // Audit records.
  row('platform.audit.services', `GET ${AUDITS}/servicemapping`, {
    permissions: ['audits:audit:view'],
    create: createServiceMapping,
  }),
  row('platform.audit.realtimeServices', `GET ${AUDITS}/realtime/servicemapping`, {
    permissions: ['audits:audit:view'],
    create: createRealtimeServiceMapping,
  }),
  row('platform.audit.start', `POST ${AUDITS}`, {
    permissions: ['audits:audit:view'],
    create: createQueryStart,
  }),
  row('platform.audit.read', `GET ${AUDITS}/{transactionId}`, {
    permissions: ['audits:audit:view'],
    create: createQueryRead,
  }),
  row('platform.audit.results', `GET ${AUDITS}/{transactionId}/results`, {
    query: ['cursor', 'pageSize', 'expand', 'allowRedirect'],
    permissions: ['audits:audit:view'],
    create: createQueryResults,
  }),
  row('platform.audit.realtime', `POST ${AUDITS}/realtime`, {
    query: ['expand'],
    permissions: ['audits:audit:view'],
    create: createRealtimeQuery,
  }),
  row('platform.audit.related', `POST ${AUDITS}/realtime/related`, {
    query: ['expand'],
    permissions: ['audits:audit:view'],
    create: createRelatedQuery,
  }),
];

/** One row: its method and path as one text, and what differs from a read without parameters. */
function row(name: string, request: string, rest: Row): PlatformOperation {
  const [method, path = ''] = request.split(' ');
  return {
    query: [],
    permissions: [],
    needs: 'all',
    isDelivery: false,
    ...rest,
    name,
    method: method as PlatformOperation['method'],
    path,
  };
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
