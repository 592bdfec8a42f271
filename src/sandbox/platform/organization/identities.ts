import { createHash } from 'node:crypto';
import type { SandboxClient } from '../../login/clients.ts';

/** A UUID that follows from texts, so that the same client has the same ids in every sandbox. */
export function uuidOf(...texts: readonly string[]): string {
  const hex = createHash('sha256').update(JSON.stringify(texts)).digest('hex');
  const variant = '89ab'[Number.parseInt(hex[16] ?? '0', 16) % 4];
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

/** The organization of a tenant. */
export function organizationIdOf(tenant: string): string {
  return uuidOf('organization', tenant);
}

/** The home division of a tenant. Every role is granted in it. */
export function divisionIdOf(tenant: string): string {
  return uuidOf('division', tenant);
}

/** The role of a client. It has the permissions of the client, and no other client has it. */
export function roleIdOf({ clientId }: SandboxClient): string {
  return uuidOf('role', clientId);
}

/** The user who created everything that no program created. */
export function administratorIdOf(tenant: string): string {
  return uuidOf('administrator', tenant);
}
