import { z } from 'zod';
import { preview } from '../core/issues.ts';
import { listOf } from '../core/shapes.ts';
import { tenantId } from '../jobs/fields.ts';

/**
 * What an API key may do. `send`: hand jobs over. `read`: see jobs, tenants and endpoints.
 * `operate`: cancel, retry, pause, replay. `admin`: all of these, and reload the tenants.
 */
export const SCOPES = ['send', 'read', 'operate', 'admin'] as const;

export type Scope = (typeof SCOPES)[number];

/** An API key, without its secret. */
export interface ApiKey {
  /** `k_…`; lists, logs and audit records show it. */
  readonly id: string;
  readonly name: string;
  readonly tenants: readonly string[] | 'all';
  readonly scopes: readonly Scope[];
  /** ISO 8601 in UTC, as all times here. */
  readonly createdAt: string;
  readonly expiresAt: string | null;
  /** To the minute. */
  readonly lastUsedAt: string | null;
}

/** Most tenants that a key names. A key for more is one for all. */
const MAX_TENANTS = 100;

/** More than there are: a scope may be given twice. */
const MAX_SCOPES = 10;

const WANTED_TENANTS = `expected "all", or 1 to ${MAX_TENANTS} ids of tenants`;

/** What an operator chooses about a key. */
export const keyFields = {
  name: z
    .string()
    .regex(/^(?! )[^\p{C}\p{Zl}\p{Zp}]{1,100}(?<! )$/u, 'expected 1 to 100 printable characters'),
  tenants: z.union(
    [z.literal('all'), listOf(tenantId, { min: 1, max: MAX_TENANTS, error: () => WANTED_TENANTS })],
    {
      error: ({ input }) => `${WANTED_TENANTS}, got ${preview(input)}`,
    },
  ),
  scopes: listOf(z.enum(SCOPES), {
    min: 1,
    max: MAX_SCOPES,
    error: () => `expected 1 to ${MAX_SCOPES} scopes`,
  }),
};

/** What an operator gives for a new key. */
export interface KeySpec extends Pick<ApiKey, 'name' | 'tenants' | 'scopes'> {
  readonly expiresAt?: string | null;
}

/**
 * Whether a key has a scope, for a tenant if one is given. Without a tenant the scope alone counts:
 * the caller then shows, or changes, only what belongs to tenants of the key.
 */
export function mayUse(key: Pick<ApiKey, 'tenants' | 'scopes'>, scope: Scope, tenantId?: string): boolean {
  if (!key.scopes.includes(scope) && !key.scopes.includes('admin')) return false;
  return tenantId === undefined || key.tenants === 'all' || key.tenants.includes(tenantId);
}
