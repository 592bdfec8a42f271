import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { OwnedDeployment } from '../deployment-store.ts';
import { durationSecondsOf } from '../sessions.ts';
import type { ChannelState } from '../state.ts';

const PATH = '/webdeployments/v1/deployments/:deploymentId';

/** The public configuration of a deployment, and its domains. Neither needs a token. */
export function mountConfig(scope: FastifyInstance, state: ChannelState): void {
  scope.get<{ Params: { deploymentId: string } }>(`${PATH}/config.json`, (request, reply) => {
    reply.header('access-control-allow-origin', '*');
    const deployment = state.deployments.find(request.params.deploymentId);
    if (deployment === undefined) return reply.code(403).send({ message: 'Forbidden' });
    return configOf(state, deployment, request);
  });

  scope.get<{ Params: { deploymentId: string } }>(`${PATH}/domains.json`, (request, reply) => {
    reply.header('access-control-allow-origin', '*');
    const deployment = state.deployments.find(request.params.deploymentId);
    if (deployment === undefined) return reply.code(403).send({ message: 'Forbidden' });
    const { allowAllDomains, allowedDomains } = deployment;
    return { allowAllDomains, allowedDomains };
  });
}

function configOf(state: ChannelState, deployment: OwnedDeployment, { host }: FastifyRequest) {
  const { fileTypes, maxFileSizeKB } = state.settings.media;
  return {
    id: deployment.id,
    version: deployment.version,
    status: deployment.status,
    languages: deployment.languages,
    defaultLanguage: deployment.defaultLanguage,
    apiEndpoint: `http://${host}`,
    messenger: {
      ...deployment.looks.messenger,
      enabled: deployment.messengerEnabled,
      apps: {
        conversations: {
          ...deployment.looks.conversations,
          enabled: deployment.conversationsEnabled,
          messagingEndpoint: `ws://${host}`,
          autoStart: { enabled: deployment.autoStart },
          conversationDisconnect: deployment.conversationDisconnect,
          conversationClear: { enabled: deployment.conversationClear },
          showUserTypingIndicator: deployment.showUserTypingIndicator,
          sessionDurationSeconds: durationSecondsOf(state, { deploymentId: deployment.id }),
        },
      },
      fileUpload: {
        enableAttachments: deployment.attachments,
        modes: deployment.uploadModes ?? [{ fileTypes, maxFileSizeKB }],
      },
    },
    auth: deployment.auth,
    journeyEvents: { enabled: deployment.journeyEvents },
  };
}
