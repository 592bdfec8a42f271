import { numberedPages, type PlatformOperation, row } from '../operation.ts';
import { createClientRead } from './client.ts';
import {
  createLimitDocs,
  createNamespaceDefaults,
  createNamespaceList,
  createNamespaceRead,
} from './limit-operations.ts';
import { createOrganizationRead } from './organization.ts';
import { createOwnSubjectRead, createRoleRead, createSubjectRead } from './roles.ts';
import { createTokenCheck, createTokenDelete, createTokenRead } from './token.ts';

/** Who the caller is, what it may do, and the limits of its organization. */
export const organizationOperations: readonly PlatformOperation[] = [
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
  row('platform.limits.docs', 'GET /api/v2/organizations/limits/docs', { create: createLimitDocs }),
  row('platform.limits.list', 'GET /api/v2/organizations/limits/namespaces', {
    query: numberedPages,
    create: createNamespaceList,
  }),
  row('platform.limits.read', 'GET /api/v2/organizations/limits/namespaces/{namespaceName}', {
    create: createNamespaceRead,
  }),
  row('platform.limits.defaults', 'GET /api/v2/organizations/limits/namespaces/{namespaceName}/defaults', {
    create: createNamespaceDefaults,
  }),
];
