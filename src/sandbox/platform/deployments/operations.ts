import {
  createConfigurationList,
  createDraftRead,
  createVersionList,
  createVersionRead,
} from '../configurations/read.ts';
import {
  createConfigurationCreate,
  createConfigurationDelete,
  createDraftPublish,
  createDraftWrite,
} from '../configurations/write.ts';
import { type PlatformOperation, row } from '../operation.ts';
import { createIdentityResolutionRead, createIdentityResolutionWrite } from './identity-resolution.ts';
import { createDeploymentConfigurationRead, createDeploymentList, createDeploymentRead } from './read.ts';
import { createDeploymentCreate, createDeploymentDelete, createDeploymentUpdate } from './write.ts';

const CONFIGURATIONS = '/api/v2/webdeployments/configurations';
const DEPLOYMENTS = '/api/v2/webdeployments/deployments';

const cursors = ['pageSize', 'before', 'after'];

/** Configurations of the messenger, and its deployments. */
export const webDeploymentOperations: readonly PlatformOperation[] = [
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
  row('platform.identityResolution.read', `GET ${DEPLOYMENTS}/{deploymentId}/identityresolution`, {
    permissions: ['webDeployments:deployment:view', 'webDeployments:identityResolution:view'],
    create: createIdentityResolutionRead,
  }),
  row('platform.identityResolution.write', `PUT ${DEPLOYMENTS}/{deploymentId}/identityresolution`, {
    permissions: ['webDeployments:deployment:edit', 'webDeployments:identityResolution:edit'],
    isDelivery: true,
    create: createIdentityResolutionWrite,
  }),
];
