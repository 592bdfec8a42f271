import type { ApiKey, ApiKeys, Scope } from '../../../src/http/api-key.ts';

export interface KeySpec {
  readonly tenants?: readonly string[] | 'all';
  readonly scopes?: readonly Scope[];
}

export interface TestKeys extends ApiKeys {
  /** Makes a key, and returns its secret. */
  make(spec?: KeySpec): string;
}

/** Keys that live in this process. */
export function testKeys(): TestKeys {
  const all = new Map<string, ApiKey>();
  return {
    make({ tenants = 'all', scopes = ['admin'] }: KeySpec = {}) {
      const id = `k_${all.size + 1}`;
      const secret = `gwm_live_${id}`;
      const times = { createdAt: new Date().toISOString(), expiresAt: null, lastUsedAt: null };
      all.set(secret, { id, name: id, tenants, scopes, ...times });
      return secret;
    },
    verify: async (secret) => all.get(secret),
    hasAny: async () => all.size > 0,
  };
}
