import { createAuditQuery } from './audit/audit-query.ts';
import {
  createConfigurationRead,
  createConfigurationWrite,
} from './configurations/configuration-operations.ts';
import {
  createConfigurationReplicate,
  createReplicationRead,
} from './configurations/replication-operations.ts';
import { conversationOfCard, createCardSend } from './conversations/card-send.ts';
import { conversationOfMessage, createMessageSend } from './conversations/message-send.ts';
import { createSessionRead } from './conversations/sessions.ts';
import type { Operation } from './operation.ts';
import { createDeploymentList, createDeploymentRead } from './webmessaging/deployment-read.ts';
import { createDeploymentCreate, createDeploymentUpdate } from './webmessaging/deployment-write.ts';
import { createWidgetRead } from './webmessaging/widgets.ts';

/** Every operation of the API that the sandbox offers (docs/guides.md). */
export const operations: readonly Operation[] = [
  {
    name: 'message.send',
    method: 'POST',
    path: '/api/v2/conversations/messaging/messages',
    scope: 'messaging:conversation:write',
    bucket: 'messages',
    isDelivery: true,
    conversationOf: conversationOfMessage,
    create: createMessageSend,
  },
  {
    name: 'card.send',
    method: 'POST',
    path: '/api/v2/guest/conversations/webchat/messages',
    scope: 'webchat:guest:write',
    bucket: 'cards',
    isDelivery: true,
    conversationOf: conversationOfCard,
    create: createCardSend,
  },
  {
    name: 'session.read',
    method: 'GET',
    path: '/api/v2/conversations/webchat/sessions/:sessionId',
    scope: 'messaging:conversation:read',
    bucket: null,
    isDelivery: false,
    conversationOf: () => null,
    create: createSessionRead,
  },
  {
    name: 'widget.read',
    method: 'GET',
    path: '/api/v2/messaging/webmessaging/widgets/:widgetId',
    scope: 'messaging:webmessaging:read',
    bucket: 'platform',
    isDelivery: false,
    conversationOf: () => null,
    create: createWidgetRead,
  },
  {
    name: 'configuration.read',
    method: 'GET',
    path: '/api/v2/webchat/organizations/:organizationId/configurations',
    scope: 'webchat:configuration:read',
    bucket: 'platform',
    isDelivery: false,
    conversationOf: () => null,
    create: createConfigurationRead,
  },
  {
    name: 'configuration.write',
    method: 'PUT',
    path: '/api/v2/webchat/organizations/:organizationId/configurations',
    scope: 'webchat:configuration:write',
    bucket: 'platform',
    isDelivery: true,
    conversationOf: () => null,
    create: createConfigurationWrite,
  },
  {
    name: 'configuration.replicate',
    method: 'POST',
    path: '/api/v2/webchat/configurations/replicate',
    scope: 'webchat:configuration:write',
    bucket: 'platform',
    isDelivery: true,
    conversationOf: () => null,
    create: createConfigurationReplicate,
  },
  {
    name: 'replication.read',
    method: 'GET',
    path: '/api/v2/webchat/configurations/replicate/:replicationId',
    scope: 'webchat:configuration:read',
    bucket: 'platform',
    isDelivery: false,
    conversationOf: () => null,
    create: createReplicationRead,
  },
  {
    name: 'audit.query',
    method: 'POST',
    path: '/api/v2/audit/records/query',
    scope: 'audit:read',
    bucket: 'platform',
    // A POST because a query can be too long for a URL. It changes nothing.
    isDelivery: false,
    conversationOf: () => null,
    create: createAuditQuery,
  },
  {
    name: 'deployment.list',
    method: 'GET',
    path: '/api/v2/webmessaging/deployments',
    scope: 'webmessaging:deployments:read',
    bucket: 'platform',
    isDelivery: false,
    conversationOf: () => null,
    create: createDeploymentList,
  },
  {
    name: 'deployment.read',
    method: 'GET',
    path: '/api/v2/webmessaging/deployments/:deploymentId',
    scope: 'webmessaging:deployments:read',
    bucket: 'platform',
    isDelivery: false,
    conversationOf: () => null,
    create: createDeploymentRead,
  },
  {
    name: 'deployment.create',
    method: 'POST',
    path: '/api/v2/webmessaging/deployments',
    scope: 'webmessaging:deployments:write',
    bucket: 'platform',
    isDelivery: true,
    conversationOf: () => null,
    create: createDeploymentCreate,
  },
  {
    name: 'deployment.update',
    method: 'PUT',
    path: '/api/v2/webmessaging/deployments/:deploymentId',
    scope: 'webmessaging:deployments:write',
    bucket: 'platform',
    isDelivery: true,
    conversationOf: () => null,
    create: createDeploymentUpdate,
  },
];
