import { expect, test } from 'vitest';
import { platformOperations } from '../../src/sandbox/platform/operations.ts';
import { roleIdOf } from '../../src/sandbox/platform/organization/identities.ts';
import {
  activeDeployment,
  auditRecords,
  channel,
  configuration,
  INTEGRATION,
  INTERVAL,
  liveConversation,
  publishedConfiguration,
} from './bodies.ts';
import { CLIENT, openStage, type Stage } from './sdk.ts';

/** One call of the SDK for each operation of the sandbox, by the name of the operation. */
const calls: Record<string, (stage: Stage) => Promise<unknown>> = {
  'platform.token.check': ({ tokens }) => tokens.headTokensMe(),
  'platform.token.read': ({ tokens }) => tokens.getTokensMe(),
  'platform.token.delete': ({ tokens }) => tokens.deleteTokensMe(),
  'platform.client.read': ({ oauth }) => oauth.getOauthClient(CLIENT.clientId),
  'platform.role.read': ({ authorization }) => authorization.getAuthorizationRole(roleIdOf(CLIENT)),
  'platform.subject.own': ({ authorization }) => authorization.getAuthorizationSubjectsMe(),
  'platform.subject.read': ({ authorization }) => authorization.getAuthorizationSubject(CLIENT.clientId),
  'platform.organization.read': ({ organization }) => organization.getOrganizationsMe(),
  'platform.limits.docs': ({ organization }) => organization.getOrganizationsLimitsDocs(),
  'platform.limits.list': ({ organization }) => organization.getOrganizationsLimitsNamespaces(),
  'platform.limits.read': ({ organization }) => organization.getOrganizationsLimitsNamespace('platform.api'),
  'platform.limits.defaults': ({ organization }) =>
    organization.getOrganizationsLimitsNamespaceDefaults('platform.api'),

  'platform.open.message': ({ conversations }) =>
    conversations.postConversationsMessageInboundOpenMessage(INTEGRATION, {
      channel: channel('m-1'),
      text: 'Hello',
    }),
  'platform.open.event': ({ conversations }) =>
    conversations.postConversationsMessageInboundOpenEvent(INTEGRATION, {
      channel: { from: channel('m-1').from, time: channel('m-1').time },
      events: [{ eventType: 'Typing' }],
    }),
  'platform.open.receipt': ({ conversations }) =>
    conversations.postConversationsMessageInboundOpenReceipt(INTEGRATION, {
      id: 'message-1',
      channel: { to: { id: 'guest-1' }, time: channel('m-1').time },
      status: 'Delivered',
    }),
  'platform.open.response': ({ conversations }) =>
    conversations.postConversationsMessageInboundOpenStructuredResponse(INTEGRATION, {
      channel: channel('m-1'),
      buttonResponse: { type: 'Button', text: 'Yes', payload: 'yes' },
      originatingMessageId: 'card-1',
    }),
  'platform.agentless.send': ({ conversations }) =>
    conversations.postConversationsMessagesAgentless({
      fromAddress: INTEGRATION,
      toAddress: 'guest-1',
      toAddressMessengerType: 'open',
      textBody: 'Your parcel is on its way',
    }),
  'platform.conversation.send': async (stage) => {
    const { conversationId, communicationId } = await liveConversation(stage);
    return stage.conversations.postConversationsMessageCommunicationMessages(
      conversationId,
      communicationId,
      {
        textBody: 'How can I help?',
      },
    );
  },
  'platform.media.upload': (stage) => requestUpload(stage),
  'platform.media.read': async (stage) => {
    const { conversationId, communicationId, mediaId } = await requestUpload(stage);
    return stage.conversations.getConversationsMessageCommunicationMessagesMediaMediaId(
      conversationId,
      communicationId,
      mediaId,
    );
  },
  'platform.message.details': async (stage) =>
    stage.conversations.getConversationsMessageDetails((await sentMessage(stage)).messageId),
  'platform.message.read': async (stage) => {
    const { conversationId, messageId } = await sentMessage(stage);
    return stage.conversations.getConversationsMessageMessage(conversationId, messageId);
  },
  'platform.message.bulk': async (stage) => {
    const { conversationId, messageId } = await sentMessage(stage);
    return stage.conversations.postConversationsMessageMessagesBulk(conversationId, { body: [messageId] });
  },
  'platform.conversation.read': async (stage) =>
    stage.conversations.getConversationsMessage((await sentMessage(stage)).conversationId),
  'platform.conversation.whole': async (stage) =>
    stage.conversations.getConversation((await sentMessage(stage)).conversationId),
  'platform.integration.list': ({ conversations }) => conversations.getConversationsMessagingIntegrations(),
  'platform.openIntegration.list': ({ conversations }) =>
    conversations.getConversationsMessagingIntegrationsOpen(),
  'platform.openIntegration.read': ({ conversations }) =>
    conversations.getConversationsMessagingIntegrationsOpenIntegrationId(INTEGRATION),
  'platform.openIntegration.create': (stage) => madeIntegration(stage),
  'platform.openIntegration.update': async (stage) =>
    stage.conversations.patchConversationsMessagingIntegrationsOpenIntegrationId(
      (await madeIntegration(stage)).id,
      { name: 'Renamed' },
    ),
  'platform.openIntegration.delete': async (stage) =>
    stage.conversations.deleteConversationsMessagingIntegrationsOpenIntegrationId(
      (await madeIntegration(stage)).id,
    ),

  'platform.configuration.list': ({ webDeployments }) => webDeployments.getWebdeploymentsConfigurations(),
  'platform.configuration.create': ({ webDeployments }) =>
    webDeployments.postWebdeploymentsConfigurations(configuration()),
  'platform.version.list': async (stage) =>
    stage.webDeployments.getWebdeploymentsConfigurationVersions(await publishedConfiguration(stage)),
  'platform.version.read': async (stage) =>
    stage.webDeployments.getWebdeploymentsConfigurationVersion(await publishedConfiguration(stage), '1'),
  'platform.draft.read': async (stage) =>
    stage.webDeployments.getWebdeploymentsConfigurationVersionsDraft(await publishedConfiguration(stage)),
  'platform.draft.write': async (stage) =>
    stage.webDeployments.putWebdeploymentsConfigurationVersionsDraft(
      await publishedConfiguration(stage),
      configuration('Renamed'),
    ),
  'platform.draft.publish': async (stage) =>
    stage.webDeployments.postWebdeploymentsConfigurationVersionsDraftPublish(
      await publishedConfiguration(stage),
    ),
  'platform.configuration.delete': async (stage) =>
    stage.webDeployments.deleteWebdeploymentsConfiguration(await publishedConfiguration(stage)),
  'platform.deployment.list': ({ webDeployments }) => webDeployments.getWebdeploymentsDeployments(),
  'platform.deployment.read': async (stage) =>
    stage.webDeployments.getWebdeploymentsDeployment(await activeDeployment(stage)),
  'platform.deployment.create': async (stage) =>
    stage.webDeployments.postWebdeploymentsDeployments(await deploymentOf(stage)),
  'platform.deployment.update': async (stage) =>
    stage.webDeployments.putWebdeploymentsDeployment(
      await activeDeployment(stage),
      await deploymentOf(stage),
    ),
  'platform.deployment.delete': async (stage) =>
    stage.webDeployments.deleteWebdeploymentsDeployment(await activeDeployment(stage)),
  'platform.deployment.configuration': async (stage) =>
    stage.webDeployments.getWebdeploymentsDeploymentConfigurations(await activeDeployment(stage)),
  'platform.identityResolution.read': async (stage) =>
    stage.webDeployments.getWebdeploymentsDeploymentIdentityresolution(await activeDeployment(stage)),
  'platform.identityResolution.write': async (stage) =>
    stage.webDeployments.putWebdeploymentsDeploymentIdentityresolution(await activeDeployment(stage), {
      resolveIdentities: true,
    }),

  'platform.audit.services': ({ audits }) => audits.getAuditsQueryServicemapping(),
  'platform.audit.realtimeServices': ({ audits }) => audits.getAuditsQueryRealtimeServicemapping(),
  'platform.audit.start': ({ audits }) => audits.postAuditsQuery({ interval: INTERVAL }),
  'platform.audit.read': async (stage) => stage.audits.getAuditsQueryTransactionId(await endedQuery(stage)),
  'platform.audit.results': async (stage) =>
    stage.audits.getAuditsQueryTransactionIdResults(await endedQuery(stage)),
  'platform.audit.realtime': ({ audits }) => audits.postAuditsQueryRealtime({ interval: INTERVAL }),
  'platform.audit.related': async (stage) => {
    await auditRecords(stage, 1);
    return stage.audits.postAuditsQueryRealtimeRelated({ auditId: 'record-1' });
  },
};

test('there is a call of the SDK for every operation of the sandbox', () => {
  expect(Object.keys(calls)).toEqual(platformOperations.map(({ name }) => name));
});

test.each(Object.keys(calls))('the SDK calls %s, and the sandbox accepts it', async (name) => {
  const stage = await openStage();
  await calls[name]?.(stage);
  expect(stage.sandbox.stats().byOperation[name]).toMatchObject({ accepted: 1, rejected: 0 });
});

async function madeIntegration(stage: Stage) {
  const made = await stage.conversations.postConversationsMessagingIntegrationsOpen({
    name: 'Shop',
    outboundNotificationWebhookUrl: 'https://shop.example/genesys',
    outboundNotificationWebhookSignatureSecretToken: 'a-secret-of-24-characters',
  });
  stage.advance(1000);
  return made;
}

async function requestUpload(stage: Stage) {
  const { conversationId, communicationId } = await liveConversation(stage);
  const { id = '' } = await stage.conversations.postConversationsMessageCommunicationMessagesMediaUploads(
    conversationId,
    communicationId,
    { fileName: 'photo.png', contentLengthBytes: 4 },
  );
  return { conversationId, communicationId, mediaId: id };
}

async function sentMessage(stage: Stage) {
  const { conversationId, communicationId } = await liveConversation(stage);
  const { id = '' } = await stage.conversations.postConversationsMessageCommunicationMessages(
    conversationId,
    communicationId,
    { textBody: 'Hello' },
  );
  return { conversationId, messageId: id };
}

async function deploymentOf(stage: Stage) {
  return {
    name: 'Shop',
    configuration: { id: await publishedConfiguration(stage), version: '1' },
    allowAllDomains: false,
    allowedDomains: ['shop.example'],
  };
}

async function endedQuery(stage: Stage): Promise<string> {
  const { id = '' } = await stage.audits.postAuditsQuery({ interval: INTERVAL });
  stage.advance(60_000);
  return id;
}
