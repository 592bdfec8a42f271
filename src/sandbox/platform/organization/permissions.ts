import type { SandboxClient } from '../../login/clients.ts';

/** Every permission that an operation of the sandbox needs. */
export const platformPermissions = [
  'audits:audit:view',
  'authorization:grant:view',
  'authorization:role:view',
  'conversation:communication:view',
  'conversation:message:create',
  'conversation:message:receive',
  'conversation:message:view',
  'conversation:socialmedia:create',
  'conversation:webmessaging:create',
  'conversation:webmessaging:view',
  'messaging:integration:add',
  'messaging:integration:delete',
  'messaging:integration:edit',
  'messaging:integration:view',
  'oauth:client:view',
  'webDeployments:configuration:add',
  'webDeployments:configuration:delete',
  'webDeployments:configuration:edit',
  'webDeployments:configuration:view',
  'webDeployments:deployment:add',
  'webDeployments:deployment:delete',
  'webDeployments:deployment:edit',
  'webDeployments:deployment:view',
  'webDeployments:identityResolution:edit',
  'webDeployments:identityResolution:view',
] as const;

/** The name of a permission: domain, entity and action. */
export type Permission = (typeof platformPermissions)[number];

/** The permissions of a client. Without a list of its own it has all. */
export function permissionsOf({ dialect, permissions }: SandboxClient): readonly string[] {
  if (dialect !== 'platform') return [];
  return permissions ?? platformPermissions;
}

/** The permissions of one domain and entity. */
export interface EntityPermissions {
  readonly domain: string;
  readonly entityName: string;
  readonly actions: string[];
}

/** Permissions by domain and entity, as roles list them. */
export function byEntity(permissions: readonly string[]): EntityPermissions[] {
  const groups = new Map<string, EntityPermissions>();
  for (const permission of permissions) {
    const [domain = '', entityName = '', action = ''] = permission.split(':');
    const key = `${domain}:${entityName}`;
    const group = groups.get(key) ?? { domain, entityName, actions: [] };
    group.actions.push(action);
    groups.set(key, group);
  }
  return [...groups.values()];
}
